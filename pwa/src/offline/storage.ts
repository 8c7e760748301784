/** How safe what lies here is from the browser itself. */

/** Ask the browser to keep our storage when space gets short. Some browsers ask the person: only after their tap. */
export async function persist(): Promise<boolean> {
  return (await navigator.storage?.persist?.()) ?? false;
}

/** Less than a tenth, or 5 MB, is left. */
export async function nearlyFull(): Promise<boolean> {
  const { usage = 0, quota = Infinity } = (await navigator.storage?.estimate?.()) ?? {};
  return quota - usage < Math.min(quota / 10, 5 * 2 ** 20);
}
