export type Mode = 'hybrid' | 'vector' | 'text';

/** What the user searches for. The page's address holds it, so that it can be bookmarked, shared and gone back to. */
export interface Question {
  q: string;
  mode: Mode;
  /** Conditions like `genre="jazz"` and `bpm=80..95`; all must hold. */
  where: readonly string[];
  /** Ids of example samples. */
  like: readonly string[];
  unlike: readonly string[];
}

const MODES: readonly string[] = ['hybrid', 'vector', 'text'];

/** Returns whether there are only conditions, so that the matching samples are listed and not ranked. */
export const isBrowsing = ({ q, where, like, unlike }: Question): boolean =>
  q.trim() === '' && like.length === 0 && unlike.length === 0 && where.length > 0;

/** Returns whether there is anything to search for. */
export const asksAnything = (question: Question): boolean =>
  question.q.trim() !== '' || question.like.length > 0 || question.unlike.length > 0 || isBrowsing(question);

/** Returns whether the query may cost money. */
export const costs = ({ q, mode }: Question): boolean => q.trim() !== '' && mode !== 'text';

/** Returns the question as the query string of the API and of the page's own address. */
export function parametersOf({ q, mode, where, like, unlike }: Question): URLSearchParams {
  const parameters = new URLSearchParams();
  if (q.trim() !== '') parameters.set('q', q.trim());
  for (const condition of where) parameters.append('where', condition);
  for (const id of like) parameters.append('like', id);
  for (const id of unlike) parameters.append('unlike', id);
  if (mode !== 'hybrid') parameters.set('mode', mode);
  return parameters;
}

export function questionIn(parameters: URLSearchParams): Question {
  const mode = parameters.get('mode') ?? '';
  return {
    q: parameters.get('q') ?? '',
    mode: MODES.includes(mode) ? (mode as Mode) : 'hybrid',
    where: parameters.getAll('where'),
    like: parameters.getAll('like'),
    unlike: parameters.getAll('unlike'),
  };
}
