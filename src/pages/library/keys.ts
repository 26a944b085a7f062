import { byId, element } from '../shared/element.js';

export interface Key {
  /** `key` of the event, in lower case. */
  key: string;
  /** Name of the key in the dialog. */
  shown: string;
  does: string;
  run(event: KeyboardEvent): void;
}

/** Keys that are listed here only for the dialog. The lists handle them while they have the focus. */
const OF_LISTS: readonly [string, string][] = [
  ['↓ ↑', 'next and previous hit, played at once'],
  ['Alt ↓ ↑', 'in the tray: moves a sample'],
  ['Delete', 'in the tray: takes it out'],
];

/** Returns whether the focused control needs the key itself. */
function isTaken(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement;
  if (target.matches('textarea, select, input:not([type=checkbox])')) return true;
  const presses = event.key === ' ' || event.key === 'Enter';
  return presses && target.matches('button, a, summary, input');
}

/** Listens to keys on the whole page, except those that a form control needs itself. */
export function listenToKeys(keys: readonly Key[]): void {
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (isTaken(event) || byId<HTMLDialogElement>('keys').open) return;
    const name = `${event.shiftKey && event.key.length === 1 && /[a-z]/i.test(event.key) ? 'shift ' : ''}${event.key.toLowerCase()}`;
    const key = keys.find((each) => each.key === name);
    if (key === undefined) return;
    event.preventDefault();
    key.run(event);
  });
}

/** Draws the dialog that lists the keys. */
export function drawKeys(keys: readonly Key[]): void {
  const dialog = byId<HTMLDialogElement>('keys');
  const rows: [string, string][] = [
    ...OF_LISTS,
    ...keys.map(({ shown, does }): [string, string] => [shown, does]),
  ];
  const close = element('button', { type: 'button', className: 'plain' }, 'Close');
  close.onclick = () => dialog.close();
  dialog.replaceChildren(
    element('h2', { id: 'keys-heading' }, 'Keys'),
    element(
      'dl',
      {},
      ...rows.flatMap(([shown, does]) => [
        element('dt', {}, element('kbd', {}, shown)),
        element('dd', {}, does),
      ]),
    ),
    close,
  );
}
