using KeypointPipeline.Api.Pictures;
using KeypointPipeline.Finding;
using KeypointPipeline.Images;
using KeypointPipeline.Inference;
using KeypointPipeline.Models;
using KeypointPipeline.Results.Tables;
using KeypointPipeline.Storage;

namespace KeypointPipeline.Api.Endpoints.Pictures;

/// <summary>Predicts one picture, whose file is the body, while the client waits. Nothing is stored. The points are those that a batch with this
/// picture gives. 400: a value of the address. 404: the version is not published. 409: there is no champion yet. 413: the file is larger
/// than those of batches. 415: the file is in no format that is read. 422: it cannot be read, with the reason.</summary>
/// <remarks>The query value <see cref="FinderQuery.Name"/> states what finds the instances, before the host's setting and the model's own
/// finder.</remarks>
/// <param name="models">Finds the champion.</param>
/// <param name="cache">Opens models.</param>
/// <param name="decoder">Reads the picture.</param>
/// <param name="finders">Finds its instances.</param>
/// <param name="host">The host's setting; null for none.</param>
[ApiEndpoint(PredictPicture.Method, PredictPicture.Template, LargestBody = ImageLimits.LargestFile + 1)]
public sealed class PredictPicture(ModelRegistry models, ModelCache cache, ImageDecoder decoder, Finders finders, HostFinder? host = null)
    : IApiEndpoint, IDisposable
{
    /// <summary>The HTTP method.</summary>
    public const string Method = "post";

    /// <summary>The address after <see cref="ApiRoute.Prefix"/>.</summary>
    public const string Template = "predict";

    /// <summary>Query value with the model version; without it the champion predicts.</summary>
    public const string VersionName = "version";

    private readonly SemaphoreSlim _turns = new(Environment.ProcessorCount * 2);

    /// <inheritdoc/>
    public async Task<ApiAnswer> AnswerAsync(ApiCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        FinderKind? stated = FinderQuery.Read(call);
        string version = await ChooseAsync(call.Query.GetValueOrDefault(VersionName), cancellationToken);
        // Decoded pixels are many times as large as the file.
        await _turns.WaitAsync(cancellationToken);
        try
        {
            ArraySegment<byte> file = await ReadAsync(call.Body, cancellationToken);
            using Lease<KeypointModel> model = await OpenAsync(version, cancellationToken);
            FinderKind finder = stated ?? host?.Kind ?? model.Value.Metadata.Finder;
            IReadOnlyList<ImageResult> results = await PredictAsync(model.Value, finder, file, cancellationToken);
            string? reason = results[0].Error;
            if (reason is not null && !results[0].IsWithoutFace)
                throw Unusable(file, reason);
            return ApiAnswer.Ok(new PicturePrediction(
                results[0].Width!.Value, results[0].Height!.Value, version, finder, model.Value.Schema.Names, reason is null ? [.. results.Select(Describe)] : [], reason));
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turns.Dispose();

    private async Task<string> ChooseAsync(string? version, CancellationToken cancellationToken)
    {
        if (version is null)
        {
            return (await models.GetChampionAsync(cancellationToken))?.Version ?? throw new ApiProblemException(
                409, "No champion", $"No model is champion yet. Train one, or name a version: {VersionName}=VERSION ({ApiRoute.Of<ListModels>()} lists them).");
        }

        return (await models.FindAsync(version, cancellationToken))?.Version ?? throw ListModels.NotPublished(version);
    }

    private async Task<Lease<KeypointModel>> OpenAsync(string version, CancellationToken cancellationToken)
    {
        try
        {
            return await cache.OpenAsync(version, cancellationToken);
        }
        catch (ModelNotFoundException)
        {
            throw ListModels.NotPublished(version);
        }
    }

    private async Task<ArraySegment<byte>> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        try
        {
            return await LimitedReader.ReadAsync(body, decoder.Limits.MaximumBytes, cancellationToken);
        }
        catch (ImageRejectedException e)
        {
            throw new ApiProblemException(413, "Picture too large", $"{e.Message} Reduce the picture and send it again.");
        }
    }

    private async Task<IReadOnlyList<ImageResult>> PredictAsync(
        KeypointModel model, FinderKind finder, ArraySegment<byte> file, CancellationToken cancellationToken)
    {
        var picture = new ImageSource("", _ => Task.FromResult<Stream>(new MemoryStream(file.Array!, file.Offset, file.Count, writable: false, publiclyVisible: true)));
        var predictor = new ImageSetPredictor(model, decoder, finders.Of(finder, model));
        PredictedImage predicted = await predictor
            .PredictAsync(AsyncEnumerable.Repeat(picture, 1), firstIndex: 0, wantsPicture: _ => false, cancellationToken)
            .SingleAsync(cancellationToken);
        using (predicted)
            return predicted.Results;
    }

    private static PictureFace Describe(ImageResult result) => new(
        KeypointsCsv.StatusOf(result),
        result.Face,
        result.Instance,
        result.Keypoints is { } points ? [.. points.Chunk(2).Select(IReadOnlyList<double>? (point) => point is [double x, double y] ? [x, y] : null)] : null,
        result.Uncertainty,
        result.Box is { } box ? [box.Left, box.Top, box.Width, box.Height] : null,
        result.Box?.Angle,
        result.Error);

    private static ApiProblemException Unusable(ArraySegment<byte> file, string reason) => file.Count == 0 || ImageDecoder.Recognizes(file)
        ? new ApiProblemException(422, "Picture cannot be used", $"{reason} Send another picture.")
        : new ApiProblemException(415, "Not a picture", $"{reason} Send the bytes of a JPEG, PNG, WebP, BMP, PGM or PPM file as the body.");
}
