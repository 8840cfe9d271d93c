// Names that main.bicep shares with the templates that hooks deploy after it.

@export()
@description('GPU kinds to train on, in order of preference. The CPU job is always the last resort.')
type gpuChoice = 'none' | 'T4' | 'A100' | 'A100,T4'

@description('Where a trainer job runs. A job\'s workload profile is fixed, so each profile has its own job.')
type trainerProfile = {
  @description('Name of the Container Apps job.')
  job: string

  @description('Its GPU, as in gpuChoice; empty for the CPU.')
  gpu: '' | 'T4' | 'A100'

  @description('Name of the workload profile in the environment.')
  profile: string

  @description('Azure\'s name for the kind of machine.')
  profileType: string

  @description('The trainer image it runs.')
  image: 'cuda' | 'cpu'

  @description('Precision of convolutions in training. A T4 has no bfloat16, and .NET cannot ask torch about it.')
  precision: 'auto' | 'float32'

  @description('Cores of the container: all of the profile\'s cores.')
  cpu: int

  @description('Memory of the container: all of the profile\'s memory.')
  memory: string
}

@export()
@description('All places where a trainer can run, in order of preference.')
var trainerProfiles trainerProfile[] = [
  { job: 'train-a100', gpu: 'A100', profile: 'gpu-a100', profileType: 'Consumption-GPU-NC24-A100', image: 'cuda', precision: 'auto', cpu: 24, memory: '220Gi' }
  { job: 'train-t4', gpu: 'T4', profile: 'gpu-t4', profileType: 'Consumption-GPU-NC8as-T4', image: 'cuda', precision: 'float32', cpu: 8, memory: '56Gi' }
  { job: 'train-cpu', gpu: '', profile: 'Consumption', profileType: 'Consumption', image: 'cpu', precision: 'auto', cpu: 4, memory: '8Gi' }
]

@export()
@description('Container for events that Event Grid could not deliver.')
var deadLetterContainer = 'deadletters'
