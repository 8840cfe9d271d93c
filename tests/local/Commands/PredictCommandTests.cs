using System.CommandLine;
using KeypointPipeline.Local.Commands;
using Xunit;

namespace KeypointPipeline.Local.Tests.Commands;

public sealed class PredictCommandTests
{
    [Theory]
    [InlineData("--images photos --out results")]
    [InlineData("--images photos --boxes boxes.csv --out results")]
    [InlineData("--images photos --finder whole --out results")]
    [InlineData("--kaggle facial-keypoints-detection.zip --out submission.csv")]
    [InlineData("--kaggle test.zip --lookup IdLookupTable.csv --out submission.csv")]
    public void Each_way_to_predict_is_taken(string options)
    {
        Assert.Empty(Parse(options).Errors);
    }

    [Theory]
    [InlineData("--out results", "Say what to predict: --images DIR, or --kaggle facial-keypoints-detection.zip.")]
    [InlineData("--images photos --kaggle test.zip --lookup l.csv --out results", "Use either --images or --kaggle, not both.")]
    [InlineData("--images photos --lookup l.csv --out results", "--lookup goes with --kaggle test.zip, not with --images.")]
    [InlineData("--kaggle test.zip --boxes b.csv --out s.csv", "--boxes goes with --images, not with --kaggle.")]
    [InlineData("--kaggle test.zip --finder faces --out s.csv", "--finder goes with --images, not with --kaggle: the pictures of Kaggle's test set are faces.")]
    [InlineData("--images photos --finder noses --out results", "--finder takes whole, boxes or faces.")]
    [InlineData("--lookup l.csv --out results", "--lookup goes with --kaggle test.zip.")]
    public void Options_that_do_not_go_together_say_which_do(string options, string expected)
    {
        Assert.Equal([expected], Parse(options).Errors.Select(error => error.Message));
    }

    private static ParseResult Parse(string options) =>
        new RootCommand { PredictCommand.Create() }.Parse($"predict --model model.onnx {options}");
}
