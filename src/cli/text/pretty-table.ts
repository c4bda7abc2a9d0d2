/** Kafka's ToolsUtils.prettyPrintTable: columns as wide as their widest cell, each cell ended by a tab. */
export function prettyTable(rows: readonly (readonly string[])[]): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, i) =>
    Math.max(...rows.map((row) => row[i]?.length ?? 0)),
  );
  return rows.map((row) => row.map((cell, i) => `${cell.padEnd(widths[i] ?? 0)}\t`).join(''));
}
