import { prepare as prepareLangchain } from './langchain.mjs';

/** With the vector index that LangChain's guide to libSQL makes, and that its own search needs. */
export const prepare = (task) => prepareLangchain(task, true);

export { STORED } from './langchain.mjs';
