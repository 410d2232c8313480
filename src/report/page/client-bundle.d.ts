/** Made by scripts/client-bundle.mjs from client/. */
export const script: string;
export const style: string;
