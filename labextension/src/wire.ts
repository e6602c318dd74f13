/** What the server sends and takes, as `openapi.json` describes it: only what the panel uses. */

export type Role = 'owner' | 'admin' | 'annotator' | 'viewer';
export type Split = 'train' | 'valid' | 'test';
export type ImageState = 'unlabeled' | 'empty' | 'labeled' | 'reviewed';
export type JobState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
export type Json = Readonly<Record<string, unknown>>;

export const SPLITS: readonly Split[] = ['train', 'valid', 'test'];
export const STATES: readonly ImageState[] = ['unlabeled', 'empty', 'labeled', 'reviewed'];

export interface Page<T> {
  readonly items: readonly T[];
  readonly total: number;
  readonly page: number;
  readonly limit: number;
}

export interface Me {
  readonly user: { readonly id: number; readonly username: string; readonly role: string };
  readonly via: string;
  readonly scope: 'read' | 'write';
  readonly roles_apply: boolean;
}

export interface Dataset {
  readonly id: number;
  readonly name: string;
  readonly owner: string;
  readonly role: Role;
  readonly created_at: string;
  readonly image_count: number;
  readonly annotation_count: number;
}

export interface Label {
  readonly id: number;
  readonly name: string;
  readonly color: string;
  /** Its number in exports. */
  readonly index: number;
}

export interface ImageInfo {
  readonly id: number;
  readonly dataset_id: number;
  readonly filename: string;
  readonly width: number;
  readonly height: number;
  readonly size: number;
  readonly state: ImageState;
  readonly split: Split | null;
  readonly tags: readonly string[];
  readonly revision: number;
}

export interface ImageChange {
  readonly split?: Split | 'none';
  readonly state?: ImageState;
  readonly add_tags?: readonly string[];
  readonly remove_tags?: readonly string[];
}

/** The images that something is done to: nothing is done when they are not as many as `expected`. */
export interface Bulk {
  readonly where: Readonly<Record<string, number | readonly (string | number)[]>>;
  readonly expected: number;
}

/** What brings some images back: a body for `PATCH datasets/{id}/images`. */
export interface BulkUndo extends ImageChange {
  readonly ids: readonly number[];
}

/** Annotations that got another label: a part of the body for `POST datasets/{id}/images/relabel/undo`. */
export interface RelabelUndo {
  readonly source: string;
  readonly target: string;
  readonly at: string;
}

export interface Relabeled {
  readonly images: number;
  readonly annotations: number;
  readonly undo: readonly RelabelUndo[];
}

export interface TagCount {
  readonly tag: string;
  readonly images: number;
}

export interface WireError {
  readonly code: string;
  readonly message: string;
  readonly details?: Json;
}

export interface UploadItem {
  readonly filename: string;
  readonly status: number;
  readonly known: boolean;
  readonly image: ImageInfo | null;
  readonly error: WireError | null;
}

export interface ImportPreview {
  readonly format: string;
  readonly counts: Readonly<Record<string, unknown>>;
  readonly labels: readonly string[];
  readonly losses: readonly Json[];
  readonly complete: boolean;
}

export interface Job {
  readonly id: number;
  readonly kind: string;
  readonly dataset_id: number | null;
  readonly state: JobState;
  /** 0 to 100. */
  readonly progress: number;
  readonly message: string;
  readonly result: Json | null;
  /** Below `roboflow/api/`. */
  readonly result_url: string | null;
  readonly error: WireError | null;
  readonly cancel_requested: boolean;
  readonly created_at: string;
  readonly started_at: string | null;
  readonly finished_at: string | null;
}

export interface Export {
  readonly id: number;
  readonly format: string;
  readonly filename: string;
  readonly size: number;
  readonly losses: readonly Json[];
  readonly created_at: string;
  /** Its file, below `roboflow/api/`. */
  readonly url: string;
}

export interface Version {
  readonly id: number;
  readonly number: number;
  readonly name: string | null;
  readonly note: string | null;
  readonly recipe: Json;
  readonly counts: Json;
  readonly losses: readonly Json[];
  readonly content_hash: string;
  readonly created_by: string;
  readonly created_at: string;
}

export type Stage = 'preprocess' | 'augment';

/** A setting of a step: which of the fields count depends on its type. */
export interface StepParameter {
  readonly name: string;
  readonly type: 'number' | 'flag' | 'choice' | 'text' | 'names' | 'renames' | 'numbers' | 'arguments';
  readonly default: unknown;
  readonly help: string;
  readonly low: number | null;
  readonly high: number | null;
  readonly whole: boolean;
  readonly unit: string;
  readonly choices: readonly string[];
  readonly count: number | null;
}

export interface StepDescription {
  readonly name: string;
  readonly title: string;
  readonly help: string;
  readonly stage: Stage;
  readonly probability: number;
  readonly moves: boolean;
  readonly parameters: readonly StepParameter[];
}

export interface PreviewShape {
  readonly label: string;
  readonly shape_type: string;
  /** In pixels of the small picture. */
  readonly geometry: Json;
}

export interface PreviewPicture {
  /** The picture's file in base64. */
  readonly data: string;
  readonly media_type: string;
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly PreviewShape[];
  /** Annotations that went, and why. */
  readonly dropped: readonly { readonly why: string; readonly step: string }[];
  readonly copy_number: number;
  readonly piece: string;
}

export interface PreviewItem {
  readonly image_id: number;
  readonly filename: string;
  readonly original: PreviewPicture | null;
  readonly pictures: readonly PreviewPicture[];
  /** Pictures beyond those that are shown. */
  readonly more: number;
  readonly problem: string | null;
}

export interface PreviewSpec {
  readonly recipe: Json;
  readonly image_ids?: readonly number[];
  readonly count?: number;
  readonly copies: number;
  readonly side: number;
}

export interface Changes {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

export interface VersionDiff {
  readonly labels: Changes;
  readonly images: Changes;
  readonly annotations: Readonly<Record<string, number>>;
  readonly recipe_changed: boolean;
  readonly same_content: boolean;
}

export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export interface Histogram {
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

export interface Histogram2D {
  readonly x_edges: readonly number[];
  readonly y_edges: readonly number[];
  /** `counts[row][column]`: y bins by x bins. */
  readonly counts: readonly (readonly number[])[];
}

export interface Finding {
  readonly count: number;
  readonly examples: readonly { readonly image_id: number; readonly filename: string }[];
}

export interface LabelHealth {
  readonly name: string;
  readonly color: string;
  readonly annotations: number;
  readonly images: number;
  readonly by_split: Readonly<Record<string, number>>;
  /** Box centres on a grid laid over every picture; empty without annotations. */
  readonly heat_map: readonly (readonly number[])[];
}

export interface Health {
  readonly images: number;
  readonly annotations: number;
  readonly images_by_split: Readonly<Record<string, number>>;
  readonly images_by_state: Readonly<Record<string, number>>;
  readonly labels: readonly LabelHealth[];
  readonly width: Spread;
  readonly height: Spread;
  readonly objects: Spread;
  readonly sizes: Histogram2D;
  readonly objects_per_image: Histogram;
  readonly box_sizes: Histogram;
  readonly tiny_boxes: Finding;
  readonly huge_boxes: Finding;
  readonly duplicate_boxes: Finding;
  readonly boxes_outside: Finding;
  readonly near_duplicates: {
    readonly across_splits: number;
    readonly within_split: number;
    readonly complete: boolean;
    readonly examples: readonly Json[];
  };
  readonly warnings: readonly string[];
}

export interface Collaborator {
  readonly username: string;
  readonly role: Role;
}

export interface AuditEntry {
  readonly id: number;
  readonly at: string;
  readonly username: string;
  readonly action: string;
  readonly image_id: number | null;
  readonly subject: string;
  /** They differ by action. */
  readonly details: Json;
}

export interface AccessToken {
  readonly id: number;
  readonly name: string;
  readonly prefix: string;
  readonly scope: 'read' | 'write';
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly last_used_at: string | null;
}
