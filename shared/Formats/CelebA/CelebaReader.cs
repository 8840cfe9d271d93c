using System.Runtime.CompilerServices;
using KeypointPipeline.Formats.Pictures;

namespace KeypointPipeline.Formats.CelebA;

/// <summary>Reads CelebA's labels, and says so if their sides are not CelebA's.</summary>
/// <param name="rows">The labels, with the subject's sides.</param>
internal sealed class CelebaReader(LabelReader rows) : LabelReader
{
    private string? _warning;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Keypoints => rows.Keypoints;

    /// <inheritdoc/>
    public override string FileName => rows.FileName;

    /// <inheritdoc/>
    public override IEnumerable<string> Guesses => rows.Guesses;

    /// <inheritdoc/>
    public override IEnumerable<string> Warnings => _warning is null ? rows.Warnings : [.. rows.Warnings, _warning];

    /// <inheritdoc/>
    public override async IAsyncEnumerable<LabelledPicture> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int right = rows.Keypoints.ToList().IndexOf("right_eye");
        int left = rows.Keypoints.ToList().IndexOf("left_eye");
        long others = 0;
        long all = 0;
        await foreach (LabelledPicture picture in rows.ReadAsync(cancellationToken))
        {
            foreach (LabelledInstance instance in picture.Instances.Where(instance => instance.Fault is null))
            {
                all++;
                others += instance.Points[2 * right] > instance.Points[2 * left] ? 1 : 0;
            }

            yield return picture;
        }

        _warning = 2 * others <= all ? null
            : $"In {others:N0} of {all:N0} rows lefteye lies right of righteye. In CelebA's files it lies left, because left is the viewer's there. "
                + "If left is the subject's in this file, rename the columns, for example to left_eye_x and left_eye_y.";
    }

    /// <inheritdoc/>
    protected override ValueTask CloseAsync() => rows.DisposeAsync();
}
