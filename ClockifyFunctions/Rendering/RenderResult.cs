using ClockifyFunctions.Destinations;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Rendering;

/// <summary>The result of rendering a record: a request, or the reasons why the record is refused.</summary>
/// <param name="Request">The request; null if the record is refused.</param>
/// <param name="Problems">Without a request: the reasons for the refusal. With a request: warnings about values that Clockify may refuse or ignore. The request is sent anyway.</param>
internal readonly record struct RenderResult(RenderedRequest? Request, IReadOnlyList<Problem> Problems)
{
    public static RenderResult Refused(params IReadOnlyList<Problem> problems) => new(null, problems);
}
