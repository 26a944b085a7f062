import { prepare as prepareLangchain } from './langchain.mjs';

/** Prepares LangChain with the vector index that its guide to libSQL creates, and that its own search needs. */
export const prepare = (task) => prepareLangchain(task, true);

export { STORED } from './langchain.mjs';
