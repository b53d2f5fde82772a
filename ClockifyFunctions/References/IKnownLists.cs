using ClockifyFunctions.Sending;

namespace ClockifyFunctions.References;

/// <summary>The lists of Clockify's objects that a drain or a preview has read.</summary>
internal interface IKnownLists
{
    IExternalKeys Keys { get; }

    /// <summary>Returns null if the list was not read, or if it was read too long ago.</summary>
    Snapshot? Find(ListKey key);

    /// <summary>Returns the other known lists of the same kind, which have other parents.</summary>
    IEnumerable<Snapshot> Others(ListKey key);

    /// <summary>Whether the snapshot is recent enough to decide that a name has no object, one object or several objects.</summary>
    bool WasSearched(Snapshot snapshot, string member, string name);

    /// <summary>Returns the answer of a recent lookup that failed; null if there is none.</summary>
    CallResult? FailureOf(Need need);

    /// <summary>Returns why a recent creation failed, or why it must not be attempted. Returns null if the object may be created.</summary>
    (string Kind, string Message)? WhyNotCreated(Need.Create create);

    /// <summary>Returns names of the list that are similar to a name that the list does not contain.</summary>
    IReadOnlyList<string> Close(ListKey key, string member, string name);
}
