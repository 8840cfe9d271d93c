// The members of answers that the page reads. shared/Api/openapi.json describes them all.

export interface Instance {
  name: string;
  instanceId: string;
  runtimeStatus: string;
  input?: unknown;
  customStatus: Progress | null;
  output: unknown;
  createdTime: string;
  lastUpdatedTime: string;
}

export interface Progress {
  stage: string;
  path?: string;
  reason?: string;
  place?: string;
  epoch?: number;
  epochs?: number;
  step?: number;
  steps?: number;
  trainingLoss?: number;
  validationRmse?: number;
  testRmse?: number;
  imagesPerSecond?: number;
  secondsLeft?: number;
  rowsAccepted?: number;
  rowsRejected?: number;
  images?: number;
  succeeded?: number;
  failed?: number;
  modelVersion?: string;
  device?: string;
  restarts?: number;
}

export interface Schema {
  names: string[];
  frameWidth: number;
  frameHeight: number;
  mirror?: Mirror;
}

export interface Mirror {
  source: string;
  pairs: [string, string][];
  oneSided?: string[];
}

export interface Champion {
  version: string;
  previousVersion?: string;
  reason: string;
  promotedAt: string;
  rolledBack?: string[];
}

export interface Model {
  version: string;
  schema: Schema;
  runId: string;
  datasetIds: string[];
  settings: Record<string, unknown>;
  training: { epochsTrained?: number; trainingSeconds?: number; trainingRows?: number; validationRows?: number; parameters?: number; trainerVersion?: string };
  evaluation: Comparison;
  modelBytes: number;
  modelSha256: string;
  codeVersion: string;
  publishedAt: string;
  decision?: { promote: boolean; reason: string; case?: string };
  rows?: Record<string, unknown>;
  framing?: Record<string, unknown>;
}

export interface Comparison {
  validationRows: number;
  candidateRmse?: number;
  candidateNme?: number;
  championVersion?: string;
  championRmse?: number;
  championFault?: string;
  testRows?: number;
  testComponents?: number;
  ratio?: { ratio?: number; lower?: number; upper?: number };
  candidateWholeRmse?: number;
}

export interface ModelList {
  champion?: Champion;
  models: Model[];
  learned?: { version: string; datasets: { datasetId: string; path?: string; state: string; until?: string }[] }[];
}

export interface DatasetInfo {
  datasetId: string;
  schema: Schema;
  rows: number;
  labels: number[];
  completeRows: number;
  source: string;
  preparedAt: string;
}

export interface DatasetPath {
  path: string;
  datasetId?: string;
  rows?: number;
  since?: string;
  withdrawn?: { reason: string; at: string };
  note?: string;
}

export interface Report {
  source: string;
  file: string;
  rejection?: string;
  datasetId?: string;
  frame?: { width: number; height: number };
  rowsIn: number;
  rowsAccepted: number;
  rowsRejected: number;
  duplicates: number;
  unlabelled: number;
  erased: number;
  predictions: number;
  pictures?: number;
  completeRows: number;
  labels: { keypoint: string; labels: number }[];
  mirror?: Mirror;
  mirrorNote?: string;
  rejectedByKind: { kind: string; rows: number }[];
  problems: { row: number; column?: string; kind: string; message: string }[];
  warnings: string[];
  guessed?: string[];
}

export interface DatasetList {
  datasets: DatasetInfo[];
  rejected: string[];
  unstarted: string[];
  paths?: DatasetPath[];
  warning?: string;
  report?: Report;
  notStarted?: Record<string, unknown>;
}

export interface SideCount {
  side: string;
  rows: number;
  groups: number;
}

export interface DatasetSides {
  version?: string;
  sides: SideCount[];
  datasets: { datasetId: string; sides: SideCount[] }[];
}

export interface Removal {
  preview: boolean;
  datasets: { path: string; datasetId?: string; rows?: number; inForce: boolean }[];
  stoppedTrainings: string[];
  notes: string[];
  remains: { what: string; until?: string; note: string }[];
}

export interface Batch {
  batch: string;
  finishedAt?: string;
  modelVersion?: string;
  images?: number;
  succeeded?: number;
  failed?: number;
  instances?: number;
  doubtful?: number;
  withoutFace?: number;
}

export interface BatchPicture {
  image: string;
  width?: number;
  height?: number;
  doubt?: number;
  error?: string;
  faces: { status: string; face?: number; instance?: string; points?: (number[] | null)[]; uncertainty?: (number | null)[]; error?: string }[];
}

export interface PictureList {
  keypoints: string[];
  total: number;
  pictures: BatchPicture[];
  note?: string;
}

export interface BatchErrors {
  groups: { reason: string; pictures: number; examples: string[] }[];
  note?: string;
}

export interface RowList {
  datasetId: string;
  schema: Schema;
  total: number;
  rows: { row: number; sourceRow: number; points: (number[] | null)[]; states?: string[] }[];
}

export interface SideBySide {
  first: string;
  second: string;
  rows: number;
  testRows: number;
  frameWidth: number;
  frameHeight: number;
  keypoints: { keypoint: string; labels: number; first?: number; second?: number }[];
  pictures: {
    datasetId: string; row: number; labels: (number[] | null)[]; first: (number[] | null)[]; second: (number[] | null)[]; firstError?: number; secondError?: number;
  }[];
  note?: string;
}

export interface Training {
  runId: string;
  state: string;
  createdAt: string;
  updatedAt: string;
  progress?: Progress;
  output?: { trained: boolean; version?: string; promoted: boolean; reason: string };
  error?: string;
}

export interface Epoch {
  epoch: number;
  learningRate: number;
  trainingLoss: number;
  validationRmse?: number;
  seconds: number;
  imagesPerSecond: number;
}

export interface TrainingDetail {
  runId: string;
  training?: Training;
  request?: { datasetIds: string[]; settings: Record<string, unknown>; createdAt: string; rows?: PlannedRows };
  status?: { state: string; heartbeatAt: string; epoch: number; epochs: number; error?: string; device?: { kind: string; name: string; threads?: number; precision: string } };
  result?: { epochsTrained: number; trainingSeconds: number; parameters: number; trainerVersion: string };
  epochs: Epoch[];
  bestEpoch?: number;
  ends: { launchedAt: string; seenAt: string; epoch: number; reason: string; place?: string }[];
}

export interface PlannedRows {
  trainingRows: number;
  validationRows: number;
  testRows: number;
  leftOutRows: number;
  trainingComponents?: number;
  validationComponents?: number;
  testComponents: number;
}

export interface Host {
  version: string;
  runtime: string;
  storage: { address: string; isOnThisMachine: boolean; softDeleteDays?: number };
  facts: { host: string; retrainSchedule?: string; nextRetrain?: string; training: Record<string, unknown>; warnings: string[] };
}

export interface BatchDetail {
  prediction?: { instanceId: string; state: string; progress?: Progress; error?: string };
  batch: Batch;
  files: { name: string; bytes: number; eTag: string; lastModified: string }[];
  gaps?: { unlabelled?: string[]; uncalibrated?: string[] };
  warning?: string;
  notes?: string[];
}

export interface Health {
  status: string;
  version: string;
  champion?: string;
  detail?: string;
}
