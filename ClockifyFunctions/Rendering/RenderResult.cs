using ClockifyFunctions.Destinations;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Rendering;

/// <summary>What became of a record: a request, or the reasons why there is none.</summary>
/// <param name="Request">Null: no call is made for this record as it stands.</param>
/// <param name="Problems">Why there is none; where there is one: what Clockify may refuse or lose, and it is sent all the same.</param>
internal readonly record struct RenderResult(RenderedRequest? Request, IReadOnlyList<Problem> Problems)
{
    public static RenderResult Refused(params IReadOnlyList<Problem> problems) => new(null, problems);
}
