using System.Globalization;
using KeypointPipeline.Api;
using KeypointPipeline.Port;
using Microsoft.AspNetCore.Http;

namespace KeypointPipeline.Local.Http;

/// <summary>Reads the query string of Durable's list and purge requests.</summary>
internal static class InstanceQuery
{
    private const int DefaultTop = 100;

    /// <summary>Reads <c>runtimeStatus</c> (a list), <c>createdTimeFrom</c>, <c>createdTimeTo</c>, <c>instanceIdPrefix</c> and <c>top</c>.</summary>
    /// <exception cref="ApiProblemException">400: a value cannot be read.</exception>
    public static WorkflowQuery Read(IQueryCollection query) => new(
        ReadStatuses(query),
        ReadTime(query, "createdTimeFrom"),
        ReadTime(query, "createdTimeTo"),
        InstanceIdPrefix: Text(query, "instanceIdPrefix"),
        Top: ReadTop(query));

    /// <summary>Reads a switch, <c>true</c> or <c>false</c>. Returns <paramref name="otherwise"/> if it is missing.</summary>
    public static bool ReadFlag(IQueryCollection query, string name, bool otherwise) =>
        Text(query, name) switch
        {
            null => otherwise,
            string text when bool.TryParse(text, out bool value) => value,
            string text => throw Invalid(name, text, "true or false"),
        };

    /// <summary>Reads an ISO 8601 time. A time without an offset is UTC. Returns null if it is missing.</summary>
    public static DateTimeOffset? ReadTime(IQueryCollection query, string name) =>
        Text(query, name) switch
        {
            null => null,
            string text when DateTimeOffset.TryParse(
                text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset value) => value,
            string text => throw Invalid(name, text, "a time such as 2026-11-23T17:00:00Z"),
        };

    private static List<WorkflowRuntimeStatus>? ReadStatuses(IQueryCollection query)
    {
        string[] names = [.. query["runtimeStatus"].SelectMany(v => (v ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
        var statuses = new List<WorkflowRuntimeStatus>(names.Length);
        foreach (string name in names)
        {
            if (char.IsAsciiDigit(name[0]) || !Enum.TryParse(name, ignoreCase: true, out WorkflowRuntimeStatus status))
                throw Invalid("runtimeStatus", name, string.Join(", ", Enum.GetNames<WorkflowRuntimeStatus>()));
            statuses.Add(status);
        }

        return statuses.Count == 0 ? null : statuses;
    }

    private static int ReadTop(IQueryCollection query) =>
        Text(query, "top") switch
        {
            null => DefaultTop,
            string text when int.TryParse(text, out int value) && value is >= 1 and <= 1000 => value,
            string text => throw Invalid("top", text, "a number from 1 to 1000"),
        };

    private static string? Text(IQueryCollection query, string name) =>
        query.TryGetValue(name, out var values) && values.ToString() is { Length: > 0 } text ? text : null;

    private static ApiProblemException Invalid(string name, string value, string expected) =>
        new(400, "Invalid query", $"{name}={value}: expected {expected}.");
}
