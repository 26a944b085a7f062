import { expect, it } from 'vitest';
import { silentName } from '../../src/commands/init/silent-names.js';

it.each([
  ...[
    'date',
    'DateAdded',
    'date added',
    'Date_Modified',
    'dateadded',
    'created_at',
    'createdAt',
    'modified',
    'mtime',
  ],
  ...['last played', 'LastPlayed', 'last_used', 'Year', 'release date', 'added_on', 'timestamp', 'imported'],
  ...['file size', 'FileSize', 'filesize', 'Size', 'size (MB)', 'size_bytes'],
  ...[
    'BitRate',
    'bitrate',
    'bit depth',
    'SampleRate',
    'sample_rate_hz',
    'samplerate',
    'channels',
    'Num Channels',
  ],
  ...['Duration', 'duration_ms', 'length', 'TotalTime', 'track length', 'Length (s)', 'Time'],
  ...[
    'PlayCount',
    'play count',
    'playcount',
    'Plays',
    'Rating',
    'My Rating',
    'avg_rating',
    'num_downloads',
    'Skips',
  ],
  ...['DiscNumber', 'TrackNumber', 'track count', 'popularity'],
  ...['pack_id', 'packID', 'UUID', 'MD5', 'file_hash', 'sha256', 'ISRC', 'checksum'],
  ...['url', 'preview_url', 'PreviewURL', 'file_path', 'filePath', 'format', 'File Type', 'extension'],
  ...['waveform', 'Artwork', 'Colour', 'license', 'username', 'owner'],
])('%s is left out of a text', (name) => {
  expect(silentName(name)).not.toBeNull();
});

it.each([
  ...[
    'title',
    'Grouping',
    'Mix',
    'time signature',
    'loop',
    'danceability',
    'timbre',
    'texture',
    'mood',
    'style',
  ],
  ...[
    'folder',
    'location',
    'tone color',
    'key',
    'bpm',
    'instrument',
    'spectral centroid hz',
    'candidate',
    'rated',
  ],
])('%s may say how a sample sounds', (name) => {
  expect(silentName(name)).toBeNull();
});
