using ClockifyFunctions.Sending;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.References;

/// <summary>The result of resolving the names in a record.</summary>
internal abstract record Resolution
{
    /// <summary>Every name stands for one object.</summary>
    /// <param name="Warnings">Values of the record that are not sent.</param>
    /// <param name="Used">The objects that were found by name in a list. They may have been deleted since the list was read.</param>
    internal sealed record Ready(Resolved Resolved, IReadOnlyList<MatchNote> Notes, IReadOnlyList<Problem> Warnings, IReadOnlyList<(ListKey Key, string Id)> Used) : Resolution
    {
        public static readonly Ready Nothing = new(Resolved.Nothing, [], [], []);
    }

    /// <summary>The record cannot be sent in its current form.</summary>
    internal sealed record Refused(IReadOnlyList<Failure> Failures) : Resolution;

    /// <summary>A list must be read first. Afterwards the record is resolved again.</summary>
    internal sealed record Waits(IReadOnlyList<Need> Needs) : Resolution;

    /// <summary>Objects must be created or restored first, unless the record has another problem.</summary>
    /// <param name="Draft">The result with <see cref="Resolver.NewId"/> in place of ids that do not exist yet.</param>
    internal sealed record Changes(IReadOnlyList<Need> Needs, Ready Draft) : Resolution;

    /// <summary>A list could not be read, or an object could not be created. Whether the record is valid is unknown.</summary>
    internal sealed record Unavailable(CallResult Answer) : Resolution;
}
