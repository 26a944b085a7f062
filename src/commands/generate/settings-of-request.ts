import type { Settings } from '../../config.js';
import type { RunRequest } from '../../contract/request.js';
import { targetSettings } from '../../hosting/generation-settings.js';

/**
 * Returns the settings of the generation that a request is for; today's settings if the store cannot be read from here.
 */
export async function settingsOfRequest(settings: Settings, request: RunRequest | null): Promise<Settings> {
  if (settings.storeUrl === null) return settings;
  try {
    return (await targetSettings(settings, request?.generation ?? settings.building)).settings;
  } catch {
    // Preflight reports the error.
    return settings;
  }
}
