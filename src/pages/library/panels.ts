import { byId } from '../shared/element.js';
import { type Cell, cell } from './cell.js';
import { keep, kept } from './kept.js';

type Name = 'filters' | 'map' | 'tray';

export interface Panels extends Record<Name, Cell<boolean>> {
  /** Opens the panel and moves the focus into it, or closes it. */
  toggle(name: Name): void;
  /** Returns whether the panels lie beside the hits. */
  isWide(): boolean;
  /** Closes the topmost panel. @returns whether a panel was open. */
  closeTop(): boolean;
}

/** Matches when there is room for the panels beside the hits. */
const wide = matchMedia('(min-width: 1080px)');
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';

/** Creates the panels, which open beside the hits, or over them where there is no room. */
export function createPanels(opened: { map: boolean }): Panels {
  const panels: Record<Name, Cell<boolean>> = {
    filters: cell(wide.matches && kept('embeddings.filters', true, isBoolean)),
    map: cell(opened.map),
    tray: cell(wide.matches && kept('embeddings.tray-open', false, isBoolean)),
  };
  const show = (name: Name, open: boolean): void => {
    byId(name).hidden = !open;
    byId(`show-${name}`).setAttribute('aria-expanded', String(open));
    document.body.dataset[name] = String(open);
  };
  for (const name of ['filters', 'map', 'tray'] as const) {
    panels[name].watch((open) => show(name, open));
    show(name, panels[name].get());
    byId(`show-${name}`).onclick = () => panels[name].set(!panels[name].get());
  }
  panels.filters.watch((open) => wide.matches && keep('embeddings.filters', open));
  panels.tray.watch((open) => wide.matches && keep('embeddings.tray-open', open));
  return {
    ...panels,
    isWide: () => wide.matches,
    toggle(name) {
      const open = !panels[name].get();
      panels[name].set(open);
      if (open) byId(name).querySelector<HTMLElement>('input, button, [tabindex]')?.focus();
      else byId('results').focus();
    },
    closeTop() {
      // Panels over the hits are closed; filters and tray beside the hits stay open.
      const open = (wide.matches ? (['map'] as const) : (['map', 'filters', 'tray'] as const)).filter(
        (name) => panels[name].get(),
      );
      for (const name of open.slice(0, 1)) panels[name].set(false);
      return open.length > 0;
    },
  };
}
