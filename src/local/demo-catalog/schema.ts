/** The sample library's own tables, as its ORM creates them in SQLite; PostgreSQL accepts the same statements. */
export const DEMO_SCHEMA: readonly string[] = [
  `CREATE TABLE samples (
    id INTEGER NOT NULL PRIMARY KEY,
    user_id INTEGER,
    title VARCHAR NOT NULL,
    file_path VARCHAR,
    file_size INTEGER,
    duration DOUBLE PRECISION,
    genre VARCHAR,
    genre_confidence DOUBLE PRECISION,
    bpm DOUBLE PRECISION,
    bpm_confidence DOUBLE PRECISION,
    musical_key VARCHAR,
    key_confidence DOUBLE PRECISION,
    tags JSON,
    extra_metadata JSON,
    analysis_metadata JSON,
    created_at TIMESTAMP,
    analyzed_at TIMESTAMP,
    last_accessed_at TIMESTAMP
  )`,
  `CREATE TABLE vibe_analyses (
    id INTEGER NOT NULL PRIMARY KEY,
    sample_id INTEGER NOT NULL UNIQUE REFERENCES samples (id),
    mood_primary VARCHAR NOT NULL,
    mood_secondary VARCHAR,
    energy_level DOUBLE PRECISION,
    danceability DOUBLE PRECISION,
    acousticness DOUBLE PRECISION,
    instrumentalness DOUBLE PRECISION,
    texture_tags JSON,
    characteristics JSON,
    model_version VARCHAR,
    confidence_score DOUBLE PRECISION,
    analyzed_at TIMESTAMP
  )`,
];
