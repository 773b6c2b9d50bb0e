type Files = Map<string, string | Buffer>;
export const mentions: RegExp;
export function trim(files: ReadonlyMap<string, string | Buffer>): {
  files: Files;
  changed: string[];
  dropped: string[];
};
export function edit(files: Files, path: string, from: string | RegExp, to: string): void;
export function importsOf(path: string, text: string): { statement: string; target: string; names: string[] }[];
