using System.Diagnostics;
using KeypointPipeline.TrainerJob.Augmentation;
using KeypointPipeline.TrainerJob.Loop;
using KeypointPipeline.TrainerJob.Networks;
using KeypointPipeline.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace KeypointPipeline.Bench.Training;

/// <summary>Measures a training step and parts of it alone, in turns. Must run on the torch thread.</summary>
/// <param name="network">Name of the network.</param>
/// <param name="device">The device that it runs on.</param>
/// <param name="precision">The type that convolutions compute in.</param>
internal sealed class StepTimes(string network, Device device, ScalarType precision)
{
    private readonly List<double> _whole = [];
    private readonly List<double> _convolutions = [];
    private readonly List<double> _preparing = [];

    /// <summary>Seconds of a whole step in each repetition.</summary>
    public IReadOnlyList<double> Whole => _whole;

    /// <summary>Seconds of its convolutions alone, see <see cref="BareConvolutions"/>.</summary>
    public IReadOnlyList<double> Convolutions => _convolutions;

    /// <summary>Seconds to choose a step's rows and to augment them.</summary>
    public IReadOnlyList<double> Preparing => _preparing;

    /// <summary>Images in a step.</summary>
    public int Images { get; } = new TrainingSettings().BatchSize;

    /// <summary>Multiplications and additions of a step's convolutions. The backward pass has twice as many as the forward pass.</summary>
    public double Operations { get; private set; }

    /// <summary>Measures after one repetition to warm up.</summary>
    /// <param name="repetitions">At least 1.</param>
    /// <param name="steps">Steps of a repetition.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    public void Measure(int repetitions, int steps, CancellationToken cancellationToken)
    {
        using TrainingData data = DrawnRows.Draw(steps * Images, device);
        // With so many epochs the teacher is not asked during the measurement.
        using var session = new TrainingSession(new TrainingSettings(10_000, Network: network), data, validation: null, recipe: null, precision);
        using BareConvolutions convolutions = CreateConvolutions();
        using var augmenter = new Augmenter(data.Schema, device);
        using var random = new Generator(1);
        for (int i = -1; i < repetitions; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            double whole = Time(1, () => session.RunEpoch(cancellationToken)) / steps;
            double bare = Time(steps, convolutions.Run);
            double preparing = Time(steps, () => Prepare(data, augmenter, random));
            if (i < 0)
                continue;
            _whole.Add(whole);
            _convolutions.Add(bare);
            _preparing.Add(preparing);
        }
    }

    private BareConvolutions CreateConvolutions()
    {
        using KeypointNetwork built = NetworkRegistry.Create(network, DrawnRows.Schema);
        IReadOnlyList<ConvolutionShape> shapes = ConvolutionShapes.Of(built);
        Operations = Images * ((3.0 * shapes.Sum(shape => shape.Operations)) - shapes[0].Operations);
        return new BareConvolutions(shapes, Images, precision, device);
    }

    private void Prepare(TrainingData data, Augmenter augmenter, Generator random)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor rows = randint(data.Rows, Images, ScalarType.Int64, generator: random).to(device);
        augmenter.Apply(data.Images.index_select(0, rows), data.Keypoints.index_select(0, rows), random);
    }

    private double Time(int times, Action work)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < times; i++)
            work();
        if (device.type == DeviceType.CUDA)
            cuda.synchronize();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / times;
    }
}
