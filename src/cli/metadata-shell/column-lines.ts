const gapColumns = 2;
const narrowest = 4;

/** Names in as many columns as fit, read downwards, as Kafka's `ls` prints them; without a terminal one a line. */
export function columnLines(names: readonly string[], columns: number): readonly string[] {
  const most = Math.max(1, Math.floor(columns / narrowest));
  for (let count = Math.min(most, names.length); 1 < count; count -= 1) {
    const height = Math.ceil(names.length / count);
    const widths = columnWidths(names, count, height);
    const total = widths.reduce((sum, width) => sum + width, 0);
    const isUsed = widths.at(-1) !== 0;
    if (isUsed && total <= columns) return rows(names, widths, height);
  }
  return names;
}

function columnWidths(names: readonly string[], count: number, height: number): readonly number[] {
  return Array.from({ length: count }, (_, column) => {
    const inColumn = names.slice(column * height, (column + 1) * height);
    return inColumn.reduce((width, name) => Math.max(width, name.length + gapColumns), 0);
  });
}

function rows(
  names: readonly string[],
  widths: readonly number[],
  height: number,
): readonly string[] {
  return Array.from({ length: height }, (_, row) =>
    widths
      .map((width, column) => {
        const name = names[row + column * height];
        if (name === undefined) return '';
        return column === widths.length - 1 ? name : name.padEnd(width);
      })
      .join(''),
  );
}
