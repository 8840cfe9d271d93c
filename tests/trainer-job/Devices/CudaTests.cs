using KeypointPipeline.TrainerJob.Checkpoints;
using KeypointPipeline.TrainerJob.Devices;
using KeypointPipeline.TrainerJob.Loop;
using KeypointPipeline.TrainerJob.Tests.Support;
using KeypointPipeline.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace KeypointPipeline.TrainerJob.Tests.Devices;

/// <summary>Needs a GPU: build with <c>-p:TorchDevice=cuda-12.8</c> on a machine that has one.</summary>
public sealed class CudaTests
{
    private static readonly TrainingSettings Settings = new(Epochs: 6, Seed: 3, Network: "ml-resnet-small", BatchSize: 16);

    [Fact]
    public void A_training_may_go_from_gpu_to_cpu_and_back_and_learns_as_on_the_cpu_alone()
    {
        Assert.SkipUnless(TrainingDevice.Choose("auto").type == DeviceType.CUDA, "There is no CUDA here: this takes the CUDA build of libtorch and an NVIDIA GPU.");
        double onlyCpu = Train(CPU, null, epochs: 6).Error;

        (byte[] checkpoint, _) = Train(CUDA, null, epochs: 2);
        (checkpoint, _) = Train(CPU, checkpoint, epochs: 2);
        (_, double moved) = Train(CUDA, checkpoint, epochs: 2);

        Assert.Equal(onlyCpu, moved, tolerance: 0.5);
    }

    private static (byte[] Checkpoint, double Error) Train(Device device, byte[]? checkpoint, int epochs)
    {
        using TrainingData training = TinyFaces.Create(rows: 64, seed: 1, device);
        using TrainingData validation = TinyFaces.Create(rows: 32, seed: 2, device);
        using var session = new TrainingSession(Settings, training, validation);
        if (checkpoint is not null)
            session.Restore(CheckpointFile.Read(checkpoint));
        for (int i = 0; i < epochs; i++)
            session.RunEpoch(CancellationToken.None);
        return (CheckpointFile.Write(session.Save()), session.BestRmse!.Value);
    }
}
