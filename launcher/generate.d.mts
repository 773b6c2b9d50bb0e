export function main(options: { root: string; args: string[]; env: NodeJS.ProcessEnv }): Promise<number>;
