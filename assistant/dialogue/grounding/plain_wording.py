"""Words that a question may add to its author's own: they frame what was said and state nothing new."""

from __future__ import annotations

PLAIN = frozenset(
    """
    able actual actually address afterwards again against already alright also although another answer answering anybody
    anyone anything approach approaching around arrange ask asked asking asks avoid avoiding based because become becomes
    becoming begin beginning besides best better bit both bring bringing call called case cases cause caused causes causing
    certain change changed changing check checking choose choosing clear clearly colleague colleagues come comes coming
    concern concerning cope course deal dealing decide deciding describe describing despite difference different due each
    easily either else elsewhere enough even even-though every everybody everyone example expect expected explain explaining
    fact figure figuring find finding fine fix fixing follow follows found get gets getting give given gives giving go goes
    going good got handle handling happen happening happens help helping helps hold holding hope important including instead
    involving issue judge judging just keep keeping keeps kept kind know knowing known knows later lead leads let lets
    likely look looking looks made make makes making manage managing matter mean means meant need needed needs now ok okay
    once only other others own part people person place point possible prepare preparing prevent preventing problem proper
    properly put putting question questions react reacting real reason reasons regarding reply replying respond responding
    result results right run running runs said same say saying says see seeing set sets setting settle settling show showing
    shows similar simple simply since situation so solve solving somebody someone something sort speak speaking stand start
    starting starts stay staying stays step steps still stop stopped stopping stops such sure tackle tackling take taken
    takes taking talk talking talks tell telling tells that then thing things though told tried try trying turn turns
    understand understanding use used uses using want wanted wants way ways well well-known went whenever whether while
    whole wish word words work worked working works worth write writing yet
    """.split()
)
"""Frames and joints. A word that changes what is wanted, when, how much or by whom is not among them."""

COMMON = frozenset(
    """
    ability add advantage advice afterwards against ago allow apply area argue attention avoid back bad badly balance base
    beat behaviour behind below beyond build business buy care career carry catch chance character choice circumstance claim
    clean close collect community compare complain complete condition confidence connect consequence consider contain
    content context continue control copy correct cost count course cover create cut danger data date decision default
    defend define delay deliver design detail develop direct direction discussion double draw drop earn edge effect effort
    empty end enter environment error escape even event exact exactly except excuse exist experience expert extra face fail
    failure fair fall false far feel feeling field fight file fill final finish first fit focus force forget form format
    former free front full function gain gap general generic group grow guess guide habit half hand hard head hear help hide
    hit home honest honestly hurt idea importance improve include increase industry influence inform input inside instance
    instruction interest join judge just justify kind knowledge known label lack land language large last late leave length
    less letter level limit line link list listen live long lose loss lost market match material measure meet meeting
    mention message method mind miss missing mix mixed mode moment move name near need new next note notice number numbers
    object often old open opinion option order organisation origin outcome outside overview own pace page paper parts pass
    past path pattern pay performance phase phrase pick picture piece plain plan policy polite politely position possibility
    practical practice prefer preparation present pressure prevent price principle priority procedure process produce
    profession progress project promise proof property protect prove public pull purpose push quality quiet raise range rate
    reach read ready reasonable recommendation record recover reduce refuse regular reject related relevant remain remember
    remove repeat replace report require requirement resource respect responsible rest return review right risk role room
    round routine row rule safe safely sample save schedule scope second section see select send sense sentence separate
    series serious serve service setting several shape share shared shift short side sign silent single sit situation size
    skill slow small solution sound source space special speech spend split spread standard state stick stop store straight
    strategy stress strict strong structure stuck study style subject success suggest suit suitable summary supply support
    surface switch system table target task teach team template term test text thanks theory think time title together tone
    tool top topic total touch track trade train training transfer treat true trust truth type unclear unknown urgent useful
    usual value version view visible visit vote wait warn waste watch weak wear whole wide win without wording workflow
    world worry worth wrong
    """.split()
)
"""Words of every trade. They may be added, except where they say what the author wants to do."""

GRAVE = frozenset(
    """
    abuse abused accept accepted accident accuse accused addict adultery affair age aged agree agreed alcohol angry approve
    approved arrest assault attack attest attested autistic baby bankrupt bereaved birth book booked boyfriend bribe bullied
    bully bullying cancer cash cheat cheated child christian cocaine complaint confirm confirmed convict corrupt court
    coward crime criminal crisis crying daughter dead death debt degree demoted depressed depression diagnosed diagnosis
    dirty disability disabled discipline discriminate disease dismiss dismissed divorce divorced drug drugs drunk dying ex
    exam expelled family father fault fiance fired foreign foreigner fraud friend funeral gay girlfriend god guilty gun
    harass harassed harassment health hire hired hospital husband idiot ill illegal illness incompetent infected injured
    injury innocent insane insolvent insult jail jew jewish kid kids kill killed knife law lawsuit lawyer lazy lesbian liar
    lie lied lies loan lonely mad male marriage married medicine mental mentee mentor merger million mistake mother muslim
    naked native negligence obese older operation pain parents party pension pills poison police politics poor pregnancy
    pregnant prison probation promoted promotion psychiatrist psychologist qualification queer racist rape raped religion
    resign resigned rich rude sack sacked salary scandal secret secretly sex sexist sexual sick sister smoke son spouse
    steal stealing stolen strike stupid sue sued suicide surgery suspended tax theft therapist therapy thief threat threaten
    toxic trans trial twin ugly union violence violent visa weapon wedding white widow wife young younger
    """.split()
)
"""Words about health, family, law, money, work contracts, what somebody is, and the state of a request: never added."""

ALIKE: tuple[frozenset[str], ...] = tuple(
    frozenset(group.split())
    for group in (
        "boss manager supervisor chief head superior lead leader foreman",
        "colleague coworker co-worker teammate workmate mate fellow peer guy",
        "team group crew unit people staff folk colleague",
        "staff employee worker personnel people crew",
        "client customer buyer guest",
        "company firm employer business",
        "newcomer beginner starter joiner novice",
        "apprentice trainee intern student",
        "child kid pupil",
        "job position role post work",
        "salary pay wage money raise",
        "meeting call talk session conversation appointment",
        "mail email e-mail message letter",
        "phone telephone call ring",
        "talk speech presentation speak present",
        "document doc paper file sheet report text",
        "spreadsheet excel sheet table workbook",
        "picture photo image screenshot",
        "error mistake fault bug problem",
        "fail break crash die stop",
        "failure fail outage",
        "fix repair mend solve correct",
        "begin start launch open",
        "end finish stop close",
        "large big huge",
        "small little tiny short",
        "fast quick quickly rapid",
        "old former earlier previous ex",
        "wrong bad false incorrect",
        "buy purchase order get",
        "price cost money",
        "cheap cheaply inexpensive",
        "quit leave resign notice",
        "fire dismiss sack",
        "argue quarrel fight row argument",
        "agree accept yes",
        "refuse decline no reject",
        "convince persuade",
        "tell inform say mention",
        "ask request",
        "prove show evidence proof",
        "afraid scared fear frightened anxious",
        "angry furious mad",
        "choose pick select decide choice",
        "compare versus vs",
        "send ship deliver",
        "clean wash",
        "developer dev programmer coder engineer",
        "database db",
        "production prod live",
        "repository repo",
        "application app",
        "configuration config settings",
        "department dept division",
        "information info data",
        "approx approximately about roughly",
        "month monthly",
        "week weekly",
        "year yearly annual",
        "day daily",
        "quarter quarterly",
        "replace swap exchange substitute",
        "teach train show instruct",
        "test try check trial",
    )
)
"""Words that may stand for one another."""


def groups(word: str) -> frozenset[int]:
    """The groups of ALIKE that the word or its singular is in."""
    return _PLACES.get(word, _NONE) | _PLACES.get(word.removesuffix("s"), _NONE)


_NONE = frozenset[int]()
_PLACES = {word: frozenset(n for n, group in enumerate(ALIKE) if word in group) for word in frozenset[str]().union(*ALIKE)}
