export const WIDTH: number;
export function fitted(markdown: string): string;
