using System.Globalization;
using System.Text;
using KeypointPipeline.Port;

namespace KeypointPipeline.Api.Instances;

/// <summary>A page of a list of instances. A continuation token says where the last page ended: the creation time of its last instance,
/// and how many instances with that time were already returned.</summary>
/// <param name="Instances">Instances of this page, newest first.</param>
/// <param name="Continuation">Token for the next page; null on the last page.</param>
public sealed record InstancePage(IReadOnlyList<WorkflowStatus> Instances, string? Continuation)
{
    /// <summary>Reads the first page, or the page after a token.</summary>
    /// <param name="workflows">Lists the instances.</param>
    /// <param name="query">Which instances, and the length of a page.</param>
    /// <param name="continuation">The token; null for the first page.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="ApiProblemException">400: the token is invalid.</exception>
    public static async Task<InstancePage> ReadAsync(
        IWorkflowClient workflows, WorkflowQuery query, string? continuation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(workflows);
        ArgumentNullException.ThrowIfNull(query);
        (DateTimeOffset until, int given) = continuation is null ? (default, 0) : Decode(continuation);
        WorkflowQuery rest = continuation is null ? query : query with { CreatedTo = until };

        // One instance more than requested shows whether there is a next page.
        IReadOnlyList<WorkflowStatus> found = await workflows.ListAsync(rest with { Top = given + query.Top + 1 }, cancellationToken);
        List<WorkflowStatus> page = [.. found.Skip(given).Take(query.Top)];
        if (found.Count <= given + query.Top)
            return new InstancePage(page, Continuation: null);

        DateTimeOffset last = page[^1].CreatedTime;
        int givenOfLast = found.Take(given + query.Top).Count(status => status.CreatedTime == last);
        return new InstancePage(page, Encode(last, givenOfLast));
    }

    private static string Encode(DateTimeOffset until, int given) =>
        Convert.ToBase64String(Encoding.ASCII.GetBytes($"{until.UtcTicks}:{given}"));

    private static (DateTimeOffset Until, int Given) Decode(string token)
    {
        try
        {
            string[] parts = Encoding.ASCII.GetString(Convert.FromBase64String(token)).Split(':');
            return (new DateTimeOffset(long.Parse(parts[0]), TimeSpan.Zero), int.Parse(parts[1], NumberStyles.None));
        }
        catch (Exception e) when (e is FormatException or OverflowException or IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            throw ContinuationToken.Invalid();
        }
    }
}
