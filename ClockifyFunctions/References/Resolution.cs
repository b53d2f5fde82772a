using ClockifyFunctions.Sending;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.References;

/// <summary>What became of the names in a record.</summary>
internal abstract record Resolution
{
    /// <summary>Every name stands for one object.</summary>
    /// <param name="Warnings">What the record says and is left out.</param>
    /// <param name="Used">The objects that were found by name: whether they still exist is known from a list.</param>
    internal sealed record Ready(Resolved Resolved, IReadOnlyList<MatchNote> Notes, IReadOnlyList<Problem> Warnings, IReadOnlyList<(ListKey Key, string Id)> Used) : Resolution
    {
        public static readonly Ready Nothing = new(Resolved.Nothing, [], [], []);
    }

    /// <summary>The record cannot be sent as it is.</summary>
    internal sealed record Refused(IReadOnlyList<Failure> Failures) : Resolution;

    /// <summary>Something has to be read first; then the record is resolved again.</summary>
    internal sealed record Waits(IReadOnlyList<Need> Needs) : Resolution;

    /// <summary>Objects have to be created or restored first, unless something else of the record is wrong.</summary>
    /// <param name="Draft">With <see cref="Resolver.NewId"/> in place of ids that do not exist yet.</param>
    internal sealed record Changes(IReadOnlyList<Need> Needs, Ready Draft) : Resolution;

    /// <summary>A list could not be read, or an object not be created. Nothing is known of the record.</summary>
    internal sealed record Unavailable(CallResult Answer) : Resolution;
}
