using System.Diagnostics;
using KeypointPipeline.Finding;
using KeypointPipeline.Images;
using KeypointPipeline.Keypoints;
using KeypointPipeline.Models;

namespace KeypointPipeline.Bench.Inference.Photos;

/// <summary>Seconds that the parts of predicting photos take alone, on all processors.</summary>
/// <param name="Decoding">Reading and decoding the files.</param>
/// <param name="Finding">Finding the faces.</param>
/// <param name="Predicting">Sampling the frames and running the model.</param>
internal sealed record PhotoParts(double Decoding, double Finding, double Predicting)
{
    /// <summary>Seconds of all parts.</summary>
    public double Sum => Decoding + Finding + Predicting;

    /// <summary>Runs the parts. Decoding, finding and sampling run photo by photo, because thousands of decoded photos do not fit into
    /// memory; their time is divided as the processors spent it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="detector">The face detector.</param>
    /// <param name="paths">The photos.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static PhotoParts Measure(KeypointModel model, FaceDetector detector, string[] paths, CancellationToken cancellationToken)
    {
        var frame = new FrameSize(model.Schema.FrameWidth, model.Schema.FrameHeight);
        var finder = new FaceFinder(detector.Find, model.Metadata.Face, frame);
        var decoder = new ImageDecoder();
        long decoding = 0;
        long finding = 0;
        long sampling = 0;
        byte[][] frames = new byte[paths.Length][];
        long start = Stopwatch.GetTimestamp();
        Parallel.For(0, paths.Length, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            long begun = Stopwatch.GetTimestamp();
            using OpenedPicture picture = decoder.Open(File.ReadAllBytes(paths[i]));
            using DecodedPicture decoded = picture.Decode(finder.Finest(picture.Width, picture.Height)!.Value);
            long isDecoded = Stopwatch.GetTimestamp();
            FrameTransform[] places = [.. finder.Find(decoded).Select(place => place.Frame!.Value)];
            long isFound = Stopwatch.GetTimestamp();
            if (places.Length == 0)
                places = [FrameTransform.Fit(picture.Width, picture.Height, frame.Width, frame.Height)];
            frames[i] = [.. decoded.Sample(places, frame).SelectMany(bytes => bytes)];
            Interlocked.Add(ref decoding, isDecoded - begun);
            Interlocked.Add(ref finding, isFound - isDecoded);
            Interlocked.Add(ref sampling, Stopwatch.GetTimestamp() - isFound);
        });
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds / (decoding + finding + sampling);
        return new PhotoParts(decoding * seconds, finding * seconds, (sampling * seconds) + Predict(model, [.. frames.SelectMany(bytes => bytes)]));
    }

    private static double Predict(KeypointModel model, byte[] frames)
    {
        int count = frames.Length / model.Schema.FrameSize;
        float[] keypoints = new float[count * model.Schema.Count * 2];
        float[] uncertainties = new float[model.HasUncertainty ? count * model.Schema.Count : 0];
        long start = Stopwatch.GetTimestamp();
        model.Predict(frames, count, keypoints, uncertainties);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
