using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.Rendering;

/// <summary>What became of a record: a request, or the reasons why there is none.</summary>
internal abstract record RenderResult
{
    /// <param name="Warnings">What Clockify may refuse or lose; the request is sent all the same.</param>
    internal sealed record Ready(RenderedRequest Request, IReadOnlyList<Problem> Warnings) : RenderResult;

    /// <summary>No call is made for this record as it stands.</summary>
    internal sealed record Refused(IReadOnlyList<Problem> Problems) : RenderResult
    {
        public string Reason => string.Join(" ", Problems);
    }
}
