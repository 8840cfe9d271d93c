using System.CommandLine;
using System.Globalization;
using KeypointPipeline.Bench.Accuracy.Faces;
using KeypointPipeline.Images;
using KeypointPipeline.Images.Placing;
using KeypointPipeline.Keypoints;
using KeypointPipeline.TrainerJob.Augmentation;
using KeypointPipeline.TrainerJob.Loop;
using KeypointPipeline.TrainerJob.Networks;
using KeypointPipeline.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace KeypointPipeline.Bench.ZzFraming;

internal sealed class ZzFramingBench : IBench
{
    private static int K;
    private static bool IsKaggle;

    public Command CreateCommand()
    {
        var args = new Option<string[]>("--args") { AllowMultipleArgumentsPerToken = true };
        var c = new Command("zz") { args };
        c.SetAction(p => Run(p.GetValue(args)!));
        return c;
    }

    private static int Run(string[] a)
    {
        int side = int.Parse(a[0], CultureInfo.InvariantCulture);
        int rows = int.Parse(a[1], CultureInfo.InvariantCulture);
        int epochs = int.Parse(a[2], CultureInfo.InvariantCulture);
        string net = a[3];
        TorchThread.RunAsync(() => { Go(side, rows, epochs, net, a[4..]); return 0; }).Wait();
        return 0;
    }

    private static void Go(int side, int rows, int epochs, string net, string[] variants)
    {
        torch.set_num_threads(2);
        var frame = new FrameSize(side, side);
        var all = P1Frame.Read("/work/wt/real/P1/data");
        var train = Pick(all.Where(f => PersonSides.Of(Path.GetFileName(f.File)) == PersonSide.Training).ToList(), rows);
        var val = Pick(all.Where(f => PersonSides.Of(Path.GetFileName(f.File)) == PersonSide.Validation).ToList(), 400);
        var decoder = new ImageDecoder();
        foreach (string v in variants)
        {
            double[] p = [.. v.Split(',').Skip(1).Select(t => double.Parse(t, CultureInfo.InvariantCulture))];
            IsKaggle = v.StartsWith("15,", StringComparison.Ordinal);
            K = IsKaggle ? 15 : 68;
            string[] names = IsKaggle ? [.. KaggleLabels.Names] : [.. Enumerable.Range(0, 68).Select(i => i.ToString(CultureInfo.InvariantCulture))];
            var survey = new FramingSurvey(names);
            foreach (P1Frame f in train) survey.Add(F(f), null, null, true);
            KeypointSchema schema = new(names, side, side, IsKaggle ? MirrorPairs.FromNames(names) : new MirrorStatement([.. PublishedOrder.Find(names)!.Value.Order.Pairs.Select(q => new[] { names[q.Left], names[q.Right] })], "x").Apply(names));
            var framing = new Framing(FramingKind.Points, p[0], survey.Choose(new FramingStatement(FramingKind.Points)).Framing.Shape);
            var recipe = new TrainingRecipe(Movement: new AffineRange(Shift: p[1], Scale: p[2]));
            using TrainingData data = Load(train, f => Place(framing, f, F(f), frame), schema, decoder, frame, out _);
            using var session = new TrainingSession(new TrainingSettings(epochs, 1, net), data, null, recipe);
            var w = System.Diagnostics.Stopwatch.StartNew();
            while (!session.IsDone) session.RunEpoch(default);
            Console.Write($"{v} ({w.Elapsed.TotalSeconds:0} s):");
            foreach (string cond in (string[])["ideal", "5%", "10%", "15%"])
            {
                var random = new Random(7);
                using TrainingData test = Load(val, f =>
                {
                    FrameTransform t = Place(framing, f, F(f), frame);
                    double k = cond switch { "5%" => 0.05, "10%" => 0.1, "15%" => 0.15, _ => 0 };
                    double s = Math.Exp(((2 * random.NextDouble()) - 1) * Math.Log(1 + k));
                    double dx = ((2 * random.NextDouble()) - 1) * k * side, dy = ((2 * random.NextDouble()) - 1) * k * side;
                    (double cx, double cy) = t.ToImage(((side - 1) / 2.0) + dx, ((side - 1) / 2.0) + dy);
                    double width = t.Scale * side * s;
                    return FrameTransform.Crop(new PictureBox(cx + 0.5 - (width / 2), cy + 0.5 - (width / 2), width, width), 1, frame);
                }, schema, decoder, frame, out List<FrameTransform> places);
                using var scope = NewDisposeScope();
                using (no_grad())
                {
                    var preds = new List<float>();
                    for (int i = 0; i < test.Rows; i += 50)
                        preds.AddRange(session.Best.Predict(test.Images.narrow(0, i, Math.Min(50, test.Rows - i))).narrow(2, 0, 2).contiguous().data<float>().ToArray());
                    double sum = 0;
                    for (int i = 0; i < val.Count; i++)
                    {
                        double e = 0;
                        float[] l = F(val[i]);
                        double[] q = val[i].Points;
                        for (int k = 0; k < K; k++)
                        {
                            (double x, double y) = places[i].ToImage(preds[(i * 2 * K) + (2 * k)], preds[(i * 2 * K) + (2 * k) + 1]);
                            e += Math.Sqrt(Math.Pow(x - l[2 * k], 2) + Math.Pow(y - l[(2 * k) + 1], 2));
                        }

                        double d = Math.Sqrt(Math.Pow(q[72] - q[90], 2) + Math.Pow(q[73] - q[91], 2));
                        sum += e / K / d;
                    }

                    Console.Write($"  {cond} {100 * sum / val.Count:0.00}%");
                }
            }

            Console.WriteLine();
        }
    }

    private static float[] F(P1Frame f) => [.. (IsKaggle ? KaggleLabels.Of(f.Points) : f.Points).Select(x => (float)x)];

    private static List<P1Frame> Pick(List<P1Frame> l, int n) => [.. Enumerable.Range(0, Math.Min(n, l.Count)).Select(i => l[(int)((long)i * l.Count / Math.Min(n, l.Count))])];

    private static FrameTransform Place(Framing framing, P1Frame f, float[] points, FrameSize frame) =>
        framing.TryPlace(null, points, 10000, 10000, frame, out FrameTransform t, out string? problem) ? t : throw new InvalidOperationException(problem);

    private static TrainingData Load(List<P1Frame> l, Func<P1Frame, FrameTransform> place, KeypointSchema schema, ImageDecoder decoder, FrameSize frame, out List<FrameTransform> places)
    {
        byte[] images = new byte[l.Count * frame.Pixels];
        float[] pts = new float[l.Count * 2 * K];
        places = [];
        for (int i = 0; i < l.Count; i++)
        {
            FrameTransform t = place(l[i]);
            places.Add(t);
            using OpenedPicture o = decoder.Open(File.ReadAllBytes(l[i].File));
            o.Sample([t], frame)[0].CopyTo(images, i * frame.Pixels);
            float[] f = F(l[i]);
            for (int k = 0; k < K; k++)
            {
                (double x, double y) = t.ToFrame(f[2 * k], f[(2 * k) + 1]);
                (pts[(i * 2 * K) + (2 * k)], pts[(i * 2 * K) + (2 * k) + 1]) = ((float)x, (float)y);
            }
        }

        return TrainingData.Create(schema, images, pts, CPU);
    }
}
