export declare class Patience {
  constructor(what: string, position: () => number, still?: number);
  isOver(): boolean;
}
export declare function cpuTimeOf(pid: number): number;
