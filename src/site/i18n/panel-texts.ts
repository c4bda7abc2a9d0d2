import type { Language } from '../../course/lesson.ts';
import { type PanelTexts, panelEn } from './panel-en.ts';
import { panelZh } from './panel-zh.ts';

export const panelTexts: Readonly<Record<Language, PanelTexts>> = { zh: panelZh, en: panelEn };
