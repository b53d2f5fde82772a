using System.Text.Json.Nodes;

namespace ClockifyFunctions.LocalHost.ClockifySimulator.Rest;

/// <summary>Describes a kind of object as data: the members that a request may write, the members of an answer, and the filters of its list. <see cref="ObjectRoutes"/> serves it.</summary>
/// <param name="Path">Of the list, below the workspace.</param>
/// <param name="Noun">As refusals name it.</param>
internal sealed record ObjectKind(string Path, string Noun)
{
    /// <summary>What a create or an update may carry. An update keeps other members and clears those of these that it leaves out.</summary>
    public required IReadOnlyDictionary<string, MemberKind> Members { get; init; }

    /// <summary>What a create or an update must carry. Default: name.</summary>
    public IReadOnlyList<string> Needed { get; init; } = ["name"];

    /// <summary>Members of a new object that were not sent.</summary>
    public required JsonObject Defaults { get; init; }

    /// <summary>Feature that the workspace must have. Default none.</summary>
    public string? Feature { get; init; }

    /// <summary>Member of the list's answer that holds the rows. Default: the answer is the list.</summary>
    public string? At { get; init; }

    /// <summary>Member beside <see cref="At"/> that counts all rows.</summary>
    public string CountAt { get; init; } = "count";

    /// <summary>False where the service answers all rows, whatever page and page-size say.</summary>
    public bool IsPaged { get; init; } = true;

    /// <summary>Whether one object can be read by its id; else the answer is 405.</summary>
    public bool CanGet { get; init; }

    /// <summary>Whether a second object of the same name is refused.</summary>
    public bool NameIsUnique { get; init; }

    /// <summary>Whether an active object cannot be deleted.</summary>
    public bool ArchivedBeforeDelete { get; init; }

    public int CreateStatus { get; init; } = 201;

    public int DeleteStatus { get; init; } = 200;

    /// <summary>Query parameters of the list besides name, each with what its values keep. A parameter that is absent has no value.</summary>
    public IReadOnlyDictionary<string, Func<JsonObject, string[], bool>> Filters { get; init; } = new Dictionary<string, Func<JsonObject, string[], bool>>();
}
