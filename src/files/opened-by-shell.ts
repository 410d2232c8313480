const PLACES = /^\/(dev\/(stdin$|fd\/)|proc\/[^/]+\/fd\/)/;

/** Whether a path names what a shell has opened itself, `<(command)` or stdin: a pipe there has its other end. */
export function isOpenedByShell(path: string): boolean {
  return PLACES.test(path);
}
