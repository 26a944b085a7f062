import { byId, element } from '../shared/element.js';
import type { Status } from './api.js';
import type { Cell } from './cell.js';
import { count, dollars } from './format.js';
import { isBrowsing, type Question } from './question.js';
import type { Found, Searching } from './searching.js';
import { spentToday } from './spending.js';

interface MessageParts {
  status: Status;
  searching: Searching;
  question: Cell<Question>;
}

const BY: Record<Question['mode'], string> = {
  hybrid: 'by meaning and words',
  vector: 'by meaning',
  text: 'by words',
};

/** Draws the messages of a search: one line above the hits, or a message in their place when there are none. */
export function drawMessages({ status, searching, question }: MessageParts): void {
  const place = byId('message');
  const draw = (found: Found): void => {
    byId('summary').textContent = summaryOf(found);
    place.replaceChildren(...messageOf(found));
    place.hidden = place.childElementCount === 0;
  };
  const button = (text: string, does: () => void): HTMLElement => {
    const made = element('button', { type: 'button', className: 'plain' }, text);
    made.onclick = does;
    return made;
  };
  const byWords = (asked: Question): HTMLElement[] =>
    asked.q.trim() === '' || asked.mode === 'text'
      ? []
      : [
          button('Search by words alone', () =>
            question.set({ ...asked, mode: 'text', like: [], unlike: [] }),
          ),
        ];
  const wider = (asked: Question): HTMLElement[] => [
    ...(asked.where.length === 0
      ? []
      : [button('Leave the filters out', () => question.set({ ...asked, where: [] }))]),
    ...(asked.mode !== 'text' || isBrowsing(asked)
      ? []
      : [button('Search by meaning', () => question.set({ ...asked, mode: 'hybrid' }))]),
  ];
  const messageOf = (found: Found): HTMLElement[] => {
    switch (found.state) {
      case 'nothing-asked':
        return welcome(status);
      case 'asking':
        return found.before.length > 0 ? [] : [element('p', { className: 'soft' }, 'Searching…')];
      case 'found':
        if (found.samples.length > 0) return [];
        return [
          element('h2', {}, 'Nothing was found'),
          element(
            'p',
            {},
            sentence(found.empty ?? 'No sample has these words: try others, or search by meaning'),
          ),
          element('p', { className: 'ways' }, ...wider(found.question)),
        ];
      case 'refused': {
        const { refusal, question: asked } = found;
        return [
          element('h2', {}, refusal.code === 'no-answer' ? 'No answer' : 'The search did not work'),
          element('p', {}, sentence(refusal.message)),
          element(
            'p',
            { className: 'ways' },
            button('Try again', () => question.set(question.get())),
            ...(refusal.code === 'no-answer' ? [] : byWords(asked)),
          ),
        ];
      }
    }
  };
  searching.found.watch(draw);
  draw(searching.found.get());
}

function summaryOf(found: Found): string {
  if (found.state !== 'found') return found.state === 'asking' && found.before.length > 0 ? 'Searching…' : '';
  const { samples, total, next, bought, milliseconds, provisional, question } = found;
  if (samples.length === 0) return '';
  if (isBrowsing(question)) {
    const fit = total === 1 ? 'sample fits' : 'samples fit';
    return `${count(total ?? samples.length)} ${fit} · in order of id · ${Math.round(milliseconds)} ms`;
  }
  const many = `${count(samples.length)}${next === null ? '' : '+'} ${samples.length === 1 ? 'hit' : 'hits'}`;
  if (provisional) return `${many} by words while you type · Enter searches by meaning`;
  const today = spentToday();
  return [
    many,
    question.like.length + question.unlike.length > 0 ? 'by example' : BY[question.mode],
    `${Math.round(milliseconds)} ms`,
    ...(bought === null
      ? []
      : [bought.cost_usd === null ? 'the query was bought' : `the query cost ${dollars(bought.cost_usd)}`]),
    ...(today > 0 ? [`${dollars(today)} today`] : []),
  ].join(' · ');
}

function welcome({ samples, stored }: Status): HTMLElement[] {
  if (stored === 0)
    return [
      element('h2', {}, 'Nothing is embedded yet'),
      element(
        'p',
        {},
        `The catalog has ${count(samples)} samples. Embed them with `,
        element('code', {}, 'embeddings --all'),
        ', then search here.',
      ),
    ];
  return [
    element('h2', {}, `${count(stored)} samples to find`),
    element(
      'p',
      {},
      'Type what it should feel like and press ',
      element('kbd', {}, 'Enter'),
      '. ',
      element('kbd', {}, '↓'),
      ' plays hit after hit.',
    ),
    ...(samples > stored
      ? [
          element(
            'p',
            { className: 'soft' },
            `${count(samples - stored)} more are in the catalog and not embedded yet: embed them with embeddings --all.`,
          ),
        ]
      : []),
  ];
}

/** Capitalizes the first letter and ends the text with a full stop. */
const sentence = (text: string): string =>
  `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
