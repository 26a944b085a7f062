import { z } from 'zod';

/** A collection's name is part of a task queue, of workflow ids, of metric labels and of file names. */
export const NAME_RULE = '1 to 40 of a–z, 0–9 and "-", beginning with a letter';

const text = z.string().regex(/\S/, 'is blank: write a value, or leave the line out');
const columns = z.array(text);
/** Creates a text in which `${NAME}` is replaced: in sources, models and stores. */
const withVariables = (description: string) =>
  text.meta({ description: `${description} \${NAME} is a variable.` });

const words = z
  .strictObject({
    prefix: z.string().optional().meta({ description: 'Prefix of each text, spaces included.' }),
    input_type: text.optional().meta({ description: 'Sent as input_type. Default: not sent.' }),
  })
  .meta({ description: 'What is sent to the model besides the text.' });

const source = z
  .strictObject({
    url: withVariables(
      'PostgreSQL URL, SQLite URL or path. Default: DATABASE_URL. A relative path counts from this file.',
    ).optional(),
    folder: z
      .union([text, z.array(text).min(1, 'is empty: name a folder')], {
        error: 'must be a path, or a list of paths',
      })
      .optional()
      .meta({
        description:
          'One or more folders of audio files, instead of a database. A relative path counts from this file.',
      }),
    ignore: z.array(text).optional().meta({
      description: 'With folder: patterns of files and folders to leave out, as in a .gitignore.',
    }),
    table: withVariables(
      'Table or view, with its schema if needed. Without table and select: the tables samples and vibe_analyses.',
    ).optional(),
    select: text.optional().meta({ description: 'One SELECT without parameters, in place of a table.' }),
    id: text
      .optional()
      .meta({ description: 'Column of whole numbers or of text, unique and never NULL. Default: id.' }),
    fields: columns.min(1, 'is empty: name a column, or leave it out').optional().meta({
      description: 'Columns that are read. Default: those that text, show and filters name.',
    }),
  })
  .meta({ description: 'Where the rows are read from. Nothing is written to it.' });

const model = z
  .strictObject({
    id: withVariables('The model, as the provider names it. Default: EMBEDDING_MODEL.').optional(),
    dimensions: z
      .int('must be a whole number')
      .min(1, 'must be from 1 to 65536')
      .max(65_536, 'must be from 1 to 65536')
      .optional()
      .meta({ description: 'Length of the vectors. Default with the default model: EMBEDDING_DIMENSIONS.' }),
    document: words.optional().meta({ description: 'For texts that are stored.' }),
    query: words.optional().meta({ description: 'For the queries of searches.' }),
  })
  .meta({ description: 'The model that creates the vectors.' });

const store = z
  .strictObject({
    url: withVariables(
      'libsql://host, https://host or file:path. Default: TURSO_DATABASE_URL. Each collection needs a store of its own.',
    ).optional(),
    token: withVariables('For a remote store. Default with the default url: TURSO_AUTH_TOKEN.').optional(),
  })
  .meta({ description: 'The database that stores the vectors.' });

const collection = z.strictObject({
  source: source.optional(),
  text: text.optional().meta({
    description: 'Lines with fields: "BPM: {bpm | round}". A line whose fields are all missing is left out.',
  }),
  show: columns.min(1, 'is empty: name a column, or leave it out').optional().meta({
    description: 'Columns that search shows, the title first. Default: the fields of the text.',
  }),
  filters: columns
    .optional()
    .meta({ description: 'Columns that --where can filter by. Default: those of show.' }),
  file: text.optional().meta({
    description: 'Column with the path of the audio file, so that samples can be heard and copied.',
  }),
  model: model.optional(),
  store: store.optional(),
});

const NAME = /^[a-z][a-z0-9-]{0,39}$/;

/** The schema of embeddings.config.yaml. */
export const configSchema = z.strictObject({
  $schema: z.string().optional(),
  collections: z
    .record(z.string().regex(NAME, `must be ${NAME_RULE}`), collection)
    .meta({ description: `The collections, each under its name: ${NAME_RULE}.` }),
});

export type DeclaredCollection = z.output<typeof collection>;

/** Returns the JSON Schema for editors, which is in embeddings.config.schema.json. */
export const configJsonSchema = (): object => ({
  ...z.toJSONSchema(configSchema, { target: 'draft-7', io: 'input' }),
  title: 'embeddings.config.yaml',
});
