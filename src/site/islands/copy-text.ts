/** Also where there is no clipboard API (plain http): by way of a selection. */
export function copyText(source: string): void {
  if (navigator.clipboard !== undefined) {
    void navigator.clipboard.writeText(source);
    return;
  }
  const field = document.createElement('textarea');
  field.value = source;
  document.body.append(field);
  field.select();
  document.execCommand('copy');
  field.remove();
}
