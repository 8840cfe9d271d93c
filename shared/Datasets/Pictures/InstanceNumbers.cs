using KeypointPipeline.Images;

namespace KeypointPipeline.Datasets.Pictures;

/// <summary>Gives the instances of pictures their ids, in the order of the labels. An id that the labels state stays if it belongs to the
/// picture.</summary>
internal sealed class InstanceNumbers
{
    private readonly Dictionary<UInt128, int> _last = [];

    /// <summary>Returns the id of the next instance of a picture.</summary>
    /// <param name="picture">XXH128 of the picture's file.</param>
    /// <param name="stated">The id that the labels state, or null.</param>
    public string Next(UInt128 picture, string? stated)
    {
        string hash = InstanceId.Hash(picture);
        int last = _last.GetValueOrDefault(picture);
        if (stated is not null && stated.StartsWith($"{hash}-", StringComparison.Ordinal) && int.TryParse(stated.AsSpan(hash.Length + 1), out int number) && number > last)
        {
            _last[picture] = number;
            return stated;
        }

        _last[picture] = last + 1;
        return InstanceId.Of(hash, last + 1);
    }
}
