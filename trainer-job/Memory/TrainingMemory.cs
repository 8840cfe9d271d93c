using KeypointPipeline.TrainerJob.Loop;

namespace KeypointPipeline.TrainerJob.Memory;

/// <summary>An estimate of the memory that a training on the CPU needs at its peak, in bytes. <c>docs/performance.md</c> compares it with
/// measured peaks, and <c>./keypoints bench memory</c> repeats that.</summary>
/// <param name="Parameters">Trainable numbers of the network.</param>
/// <param name="Program">The trainer itself: libraries, runtime, and what they keep.</param>
/// <param name="Rows">The rows, which are all in memory.</param>
/// <param name="Weights">The weights, their average, the best ones, their gradients and the optimizer's state.</param>
/// <param name="Step">The largest of a step, a validation and the teacher's labelling.</param>
/// <param name="Checkpoint">The file of a checkpoint, which is written while the next step runs.</param>
/// <param name="Model">Writing and checking the model, after the last step.</param>
public sealed record TrainingMemory(long Parameters, long Program, long Rows, long Weights, long Step, long Checkpoint, long Model)
{
    /// <summary>The largest checkpoint that can be written: it is one array.</summary>
    public static readonly long LargestCheckpoint = Array.MaxLength - (1L << 20);

    /// <summary>Measured: 400 MB, of which 150 MB are pages of library files.</summary>
    private const long ProgramBytes = 400_000_000;

    /// <summary>float32 numbers for each parameter: weights, average, best, gradient, and two of AdamW.</summary>
    private const int WeightCopies = 6;

    /// <summary>float32 numbers for each parameter in a checkpoint: all of <see cref="WeightCopies"/> but the gradient.</summary>
    private const int CheckpointCopies = 5;

    /// <summary>float32 numbers for each parameter while the model is written, read back and opened in ONNX Runtime. Measured.</summary>
    private const int ModelCopies = 10;

    /// <summary>AdamW's two temporary values for each parameter.</summary>
    private const int OptimizerCopies = 2;

    /// <summary>Bytes of a pixel beside the layers: the grey image as bytes, and augmented, standardized and in the layers' precision.</summary>
    private const int PixelBytes = 13;

    /// <summary>Bytes of a pixel while it is augmented.</summary>
    private const int AugmentedPixelBytes = 33;

    /// <summary>Bytes of a label: the label, the teacher's, and what computing it needs.</summary>
    private const int LabelBytes = 40;

    private const int FloatBytes = 4;

    /// <summary>Resident memory of a step by what <see cref="StepMemory"/> counts, measured. The allocator keeps freed blocks of up to
    /// 32 MB, in pieces that soon fit nothing: with a limit of 1 MB, the same float32 training had 0.8 GB resident instead of 1.7 GB. In
    /// bfloat16 the numbers have two bytes, but norms and gradients convert.</summary>
    private const double Float32Overhead = 2.0;
    private const double BFloat16Overhead = 1.4;

    /// <summary>The whole peak.</summary>
    public long Total => Program + Rows + Weights + Checkpoint + Math.Max(Step, Model);

    /// <summary>Estimates the memory of a training.</summary>
    /// <exception cref="KeypointPipeline.Errors.UserErrorException">There is no such network.</exception>
    public static TrainingMemory Estimate(TrainingShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        var step = StepMemory.Of(shape.Network, shape.Schema);
        long pixels = shape.Schema.FrameSize;
        long labels = (long)(shape.TrainingRows + shape.ValidationRows) * shape.Schema.Count;
        long images = Math.Min(shape.BatchSize, shape.TrainingRows);
        int predicted = Math.Min(shape.BatchSize, EpochPlan.MostEvaluationRows) * (step.Mirrors ? 2 : 1);
        long forward = (long)(Overhead(shape) * images * (step.Peak + (pixels * PixelBytes)));
        long prediction = Math.Min(predicted, 2L * shape.TrainingRows) * FloatBytes * (step.Predicting + (3 * pixels));
        long weights = WeightCopies * FloatBytes * step.Parameters;

        // In bfloat16, the layers compute with a copy of the weights, and its gradient.
        long copies = shape.IsBFloat16 ? FloatBytes * step.Parameters : 0;
        return new TrainingMemory(
            step.Parameters,
            ProgramBytes,
            (shape.TrainingRows + shape.ValidationRows) * pixels + (labels * LabelBytes),
            weights,
            new[] { forward + copies, prediction + copies, images * pixels * AugmentedPixelBytes, OptimizerCopies * FloatBytes * step.Parameters }.Max(),
            CheckpointCopies * FloatBytes * step.Parameters,
            ModelCopies * FloatBytes * step.Parameters);
    }

    private static double Overhead(TrainingShape shape) => shape.IsBFloat16 ? BFloat16Overhead : Float32Overhead;
}
