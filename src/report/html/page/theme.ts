import { h } from './dom.ts';

const THEMES: readonly string[] = ['auto', 'light', 'dark'];
const KEY = 'netaccept-theme';

/** One button, three states; `auto` follows the system. Kept where the browser lets a file keep anything. */
export function themeSwitch(): HTMLElement {
  let at = Math.max(0, THEMES.indexOf(kept()));
  const button = h('button', { type: 'button', id: 'theme', class: 'quiet' });
  const show = () => {
    const theme = THEMES[at] ?? 'auto';
    document.documentElement.dataset.theme = theme;
    button.textContent = `Theme: ${theme}`;
  };
  button.addEventListener('click', () => {
    at = (at + 1) % THEMES.length;
    show();
    keep(THEMES[at] ?? 'auto');
  });
  show();
  return button;
}

function kept(): string {
  try {
    return localStorage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}

function keep(theme: string): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // A page that may keep nothing still switches.
  }
}
