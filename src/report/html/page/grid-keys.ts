interface Place {
  row: number;
  column: number;
}

/** Where a key leads to in a grid, as WAI-ARIA's grid pattern has it; undefined for a key that leads nowhere. */
export function moved(
  { key, ctrlKey }: { key: string; ctrlKey: boolean },
  { row, column }: Place,
  size: { rows: number; columns: number },
): Place | undefined {
  const last = { row: size.rows - 1, column: size.columns - 1 };
  const to: Record<string, Place> = {
    ArrowUp: { row: row - 1, column },
    ArrowDown: { row: row + 1, column },
    ArrowLeft: { row, column: column - 1 },
    ArrowRight: { row, column: column + 1 },
    PageUp: { row: row - 10, column },
    PageDown: { row: row + 10, column },
    Home: { row: ctrlKey ? 0 : row, column: 0 },
    End: { row: ctrlKey ? last.row : row, column: last.column },
  };
  const wanted = to[key];
  if (wanted === undefined) return undefined;
  const within = (at: number, most: number) => Math.min(Math.max(0, at), most);
  return { row: within(wanted.row, last.row), column: within(wanted.column, last.column) };
}
