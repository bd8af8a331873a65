export { ReleaseSequence, type ReleaseSequenceProps } from './release-sequence';
