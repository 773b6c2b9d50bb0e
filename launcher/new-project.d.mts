export function makeProject(options: {
  root: string;
  target: string;
  name: string;
  renew: boolean;
}): Promise<{ dropped: string[] }>;
