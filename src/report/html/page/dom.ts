import { legible } from '../../legible.ts';

export type Child = Node | string | number | undefined | readonly Child[];
type Attribute = string | number | boolean | undefined | ((event: never) => void);

/**
 * An element. Text goes in as text, never as markup, with what would drive a terminal or reorder a line made
 * visible. `onclick` and its like are listeners; `false` and undefined leave an attribute out.
 */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Record<string, Attribute> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value as EventListener);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== undefined && value !== false) element.setAttribute(name, legible(String(value)));
  }
  element.append(...nodesOf(children));
  return element;
}

export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren(...nodesOf(children));
}

function nodesOf(children: readonly Child[]): Node[] {
  return children.flatMap((child): Node[] => {
    if (child === undefined) return [];
    if (typeof child === 'string' || typeof child === 'number') {
      return [document.createTextNode(legible(String(child)))];
    }
    return child instanceof Node ? [child] : nodesOf(child);
  });
}

export function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}

/** A button that copies a text, and says so to a screen reader too. */
export function copyButton(text: string): HTMLElement {
  const button = h('button', { type: 'button', class: 'copy', 'aria-label': `Copy: ${text}` }, 'Copy');
  const copied = () => {
    button.textContent = 'Copied';
    setTimeout(() => {
      button.textContent = 'Copy';
    }, 1500);
  };
  button.addEventListener('click', () => {
    navigator.clipboard.writeText(text).then(copied, () => selectBeside(button));
  });
  return h('span', { class: 'copy-place', 'aria-live': 'polite' }, button);
}

/** Where the clipboard is forbidden, the text is at least selected. */
function selectBeside(button: HTMLElement): void {
  const code = button.parentElement?.parentElement?.querySelector('code');
  if (code !== null && code !== undefined) getSelection()?.selectAllChildren(code);
}
