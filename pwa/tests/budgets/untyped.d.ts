declare module 'lighthouse' {
  export interface Result {
    lhr: {
      categories: Record<string, { score: number | null }>;
      audits: Record<string, { numericValue?: number }>;
    };
  }
  export default function lighthouse(
    url: string,
    flags: { port: number; output: 'json'; logLevel: 'silent'; onlyCategories: string[]; disableStorageReset: boolean },
  ): Promise<Result | undefined>;
}
