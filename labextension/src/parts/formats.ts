/** Formats by the names that their makers gave them. */
export const FORMAT_TITLES: Readonly<Record<string, string>> = { coco: 'COCO', yolo: 'YOLO', voc: 'Pascal VOC' };
