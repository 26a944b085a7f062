import { byId, element } from '../shared/element.js';

export interface Key {
  /** As an event names it, in lower case. */
  key: string;
  /** As it is shown. */
  shown: string;
  does: string;
  run(event: KeyboardEvent): void;
}

/** Of these only the list says it; they act where the list has the focus. */
const OF_LISTS: readonly [string, string][] = [
  ['↓ ↑', 'next and previous hit, which sounds at once'],
  ['Alt ↓ ↑', 'in the tray: moves a sample'],
  ['Delete', 'in the tray: takes it out'],
];

/** Whether the key belongs to what is written or set there. */
function isTaken(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement;
  if (target.matches('textarea, select, input:not([type=checkbox])')) return true;
  const presses = event.key === ' ' || event.key === 'Enter';
  return presses && target.matches('button, a, summary, input');
}

/** Keys of the whole page; those of a field stay its own. */
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

/** The dialog that tells of them. */
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
