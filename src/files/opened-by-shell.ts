const PLACES = /^\/(dev\/(stdin$|fd\/)|proc\/[^/]+\/fd\/)/;

/** Whether a path names what a shell has opened itself, `<(command)` or stdin: a pipe there has its other end. */
export function isOpenedByShell(path: string): boolean {
  return PLACES.test(path);
}

const STDIN = /^(-|\/dev\/(stdin|fd\/0)|\/proc\/self\/fd\/0)$/;

/** Whether a path names stdin, in whatever way. */
export function isStdin(path: string): boolean {
  return STDIN.test(path);
}
