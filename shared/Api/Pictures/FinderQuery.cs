using KeypointPipeline.Finding;

namespace KeypointPipeline.Api.Pictures;

/// <summary>The query value of requests that state what finds the instances of pictures.</summary>
internal static class FinderQuery
{
    /// <summary>Name of the value; one of <see cref="FinderNames"/> follows.</summary>
    public const string Name = "finder";

    /// <summary>Reads the value.</summary>
    /// <returns>Null if the request states none.</returns>
    /// <exception cref="ApiProblemException">400: there is no such finder.</exception>
    public static FinderKind? Read(ApiCall call) => call.Query.GetValueOrDefault(Name) is not string text ? null
        : FinderNames.Parse(text) ?? throw new ApiProblemException(400, "Invalid query", $"{Name}={text}: expected {FinderNames.All}.");
}
