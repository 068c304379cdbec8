"""Course backups as Moodle 4.1 writes them: the same files, the same elements, a small course."""

import hashlib
import io
import tarfile
import zipfile
from html import escape

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360f8cfc000000301010018dd8db00000000049454e44ae426082"
)
PDF = b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def sha1(content):
    return hashlib.sha1(content).hexdigest()


def stored(number, content, context, component, area, name, *, item=0, path="/", size=None):
    """One `file` of files.xml."""
    return f"""  <file id="{number}">
    <contenthash>{sha1(content)}</contenthash>
    <contextid>{context}</contextid>
    <component>{component}</component>
    <filearea>{area}</filearea>
    <itemid>{item}</itemid>
    <filepath>{path}</filepath>
    <filename>{escape(name)}</filename>
    <userid>2</userid>
    <filesize>{len(content) if size is None else size}</filesize>
    <mimetype>image/png</mimetype>
    <status>0</status>
    <source>$@NULL@$</source>
    <author>Une autrice</author>
    <license>unknown</license>
    <sortorder>0</sortorder>
  </file>
"""


def activity(kind, number, inside, *, context=None):
    context = context or 100 + number
    return f"""{HEAD}<activity id="{number}" moduleid="{number}" modulename="{kind}" contextid="{context}">
  <{kind} id="{number}">
{inside}
    <timemodified>1700000000</timemodified>
  </{kind}>
</activity>"""


def answer(number, text, fraction, feedback="", how=1):
    return f"""<answer id="{number}"><answertext>{escape(text)}</answertext><answerformat>{how}</answerformat>
      <fraction>{fraction}</fraction><feedback>{escape(feedback)}</feedback><feedbackformat>1</feedbackformat></answer>"""


def question(number, kind, text, answers="", options="", *, name="Question"):
    plugin = f"plugin_qtype_{kind}_question"
    return f"""<question id="{number}">
  <parent>0</parent><name>{escape(name)}</name>
  <questiontext>{escape(text)}</questiontext><questiontextformat>1</questiontextformat>
  <generalfeedback></generalfeedback><generalfeedbackformat>1</generalfeedbackformat>
  <defaultmark>1.0000000</defaultmark><penalty>0.3333333</penalty><qtype>{kind}</qtype><length>1</length>
  <createdby>2</createdby><modifiedby>2</modifiedby>
  <{plugin}><answers>{answers}</answers>{options}</{plugin}>
  <question_hints></question_hints><tags></tags>
</question>"""


def entry(number, *versions):
    inside = "".join(
        f"<question_versions id='{number}{rank}'><version>{rank}</version><status>ready</status>"
        f"<questions>{one}</questions></question_versions>"
        for rank, one in versions
    )
    return f"""<question_bank_entry id="{number}"><questioncategoryid>2</questioncategoryid>
      <idnumber>$@NULL@$</idnumber><ownerid>2</ownerid><question_version>{inside}</question_version></question_bank_entry>"""


CHOICE = question(
    501,
    "multichoice",
    "<p>Quelle <b>langue</b> ?</p>",
    answer(1, "<p>le français</p>", "1.0000000", "<p>Oui</p>") + answer(2, "<p>l’anglais</p>", "0.0000000"),
    '<multichoice id="9"><layout>0</layout><single>1</single><shuffleanswers>1</shuffleanswers></multichoice>',
    name="Langue",
)
TRUE_FALSE = question(
    502,
    "truefalse",
    "<p>Le soleil tourne.</p>",
    answer(3, "True", "0.0000000", how=0) + answer(4, "False", "1.0000000", how=0),
    '<truefalse id="7"><trueanswer>3</trueanswer><falseanswer>4</falseanswer></truefalse>',
)
ESSAY = question(503, "essay", "<p>Racontez.</p>", name="Récit")
SHORT = question(504, "shortanswer", "<p>Capitale ?</p>", answer(5, "Rome", "1.0000000", how=0))

QUESTIONS = f"""{HEAD}<question_categories>
  <question_category id="1"><name>top</name><contextid>50</contextid><contextlevel>50</contextlevel>
    <question_bank_entries></question_bank_entries></question_category>
  <question_category id="2"><name>Défaut pour le cours</name><contextid>50</contextid><contextlevel>50</contextlevel>
    <question_bank_entries>
      {entry(11, (1, CHOICE.replace("langue", "vieille")), (2, CHOICE))}
      {entry(12, (1, TRUE_FALSE))}{entry(13, (1, ESSAY))}{entry(14, (1, SHORT))}
    </question_bank_entries></question_category>
</question_categories>"""

QUIZ = """    <name>Test final</name>
    <intro>&lt;p&gt;Courage !&lt;/p&gt;</intro><introformat>1</introformat><attempts_number>0</attempts_number>
    <sumgrades>3.00000</sumgrades><grade>10.00000</grade>
    <question_instances>
      <question_instance id="2"><quizid>14</quizid><slot>2</slot><page>1</page><maxmark>1.0</maxmark>
        <question_reference id="22"><usingcontextid>114</usingcontextid><component>mod_quiz</component>
          <questionarea>slot</questionarea><questionbankentryid>12</questionbankentryid>
          <version>$@NULL@$</version></question_reference></question_instance>
      <question_instance id="1"><quizid>14</quizid><slot>1</slot><page>1</page><maxmark>1.0</maxmark>
        <question_reference id="21"><questionbankentryid>11</questionbankentryid></question_reference>
        </question_instance>
      <question_instance id="3"><slot>3</slot><question_reference id="23"><questionbankentryid>13</questionbankentryid>
        </question_reference></question_instance>
      <question_instance id="4"><slot>4</slot><question_set_reference id="24"><filtercondition>{}</filtercondition>
        </question_set_reference></question_instance>
      <question_instance id="5"><slot>5</slot><question_reference id="25"><questionbankentryid>99</questionbankentryid>
        </question_reference></question_instance>
    </question_instances>
    <sections><section id="1"><firstslot>1</firstslot><heading></heading></section></sections>
    <attempts><attempt id="1"><userid>42</userid><sumgrades>1.0</sumgrades></attempt></attempts>"""

PAGE_HTML = """<h3>Pourquoi</h3>
  <p>Voir <img src="@@PLUGINFILE@@/vue%20a.png?time=1" alt="la classe">
  et <a href="$@PAGEVIEWBYID*3@$">l’autre page</a>, <a href="@@PLUGINFILE@@/dir/fiche.pdf">la fiche</a>,
  <img src="@@PLUGINFILE@@/perdue.png">.</p>
  <script>alert(1)</script><iframe src="https://tube.example/1"></iframe>"""
PAGE = f"""    <name>Lire une consigne</name><intro></intro><introformat>1</introformat>
    <content>{escape(PAGE_HTML)}</content><contentformat>1</contentformat>"""

SECTION_SUMMARY = '<p>Bienvenue <img src="@@PLUGINFILE@@/logo.png" alt=""></p>'

ACTIVITIES = [
    ("label", 11, 1, "Un mot d’accueil"),
    ("page", 12, 2, "Lire une consigne"),
    ("url", 13, 2, "Le site Éduscol"),
    ("quiz", 14, 2, "Test final"),
    ("resource", 15, 2, "La fiche"),
    ("folder", 16, 2, "Annexes"),
    ("forum", 17, 2, "Vos questions"),
    ("tuile", 18, 2, "Une nouveauté"),
]


def course():
    """The files of the sample course, by name."""
    listed = "".join(
        f"<activity><moduleid>{number}</moduleid><sectionid>{section}</sectionid><modulename>{kind}</modulename>"
        f"<title>{title}</title><directory>activities/{kind}_{number}</directory></activity>"
        for kind, number, section, title in ACTIVITIES
    )
    sections = "".join(
        f"<section><sectionid>{n}</sectionid><title>{n}</title><directory>sections/section_{n}</directory></section>"
        for n in (2, 1)
    )
    backup = f"""{HEAD}<moodle_backup><information>
  <name>sauvegarde-moodle2-course-5-consigne-20261120-1000.mbz</name>
  <moodle_version>2022112800</moodle_version><moodle_release>4.1 (Build: 20221128)</moodle_release>
  <backup_version>2022112800</backup_version><backup_release>4.1</backup_release>
  <original_wwwroot>https://magistere.example</original_wwwroot>
  <original_course_fullname>La consigne</original_course_fullname>
  <contents><activities>{listed}</activities><sections>{sections}</sections>
    <course><courseid>5</courseid><title>consigne</title><directory>course</directory></course></contents>
  <settings><setting><level>root</level><name>users</name><value>1</value></setting></settings>
</information></moodle_backup>"""
    docx = b"PK\x03\x04 une archive qui n'en est pas une"
    files = [
        stored(1, PNG, 112, "mod_page", "content", "vue a.png"),
        stored(2, PDF, 112, "mod_page", "content", "fiche.pdf", path="/dir/"),
        stored(3, b"", 112, "mod_page", "content", "."),
        stored(4, PDF, 115, "mod_resource", "content", "fiche.pdf"),
        stored(5, PNG, 116, "mod_folder", "content", "plan.png", path="/plans/"),
        stored(6, docx, 116, "mod_folder", "content", "texte.docx"),
        stored(7, b"<script>", 116, "mod_folder", "content", "page.html"),
        stored(8, PNG, 50, "course", "section", "logo.png", item=1),
        stored(9, b"x", 116, "mod_folder", "content", "film.mp4", size=900_000_000),
        stored(10, b"absent", 116, "mod_folder", "content", "absent.pdf"),
        stored(11, PNG, 5, "user", "draft", "brouillon.png"),
    ]
    contents = {sha1(one): one for one in (PNG, PDF, docx, b"<script>", b"x")}
    folder = "activities"
    return {
        "moodle_backup.xml": backup,
        "users.xml": f"{HEAD}<users><user id='42'><email>amina@ac-normandie.example</email></user></users>",
        "files.xml": f"{HEAD}<files>{''.join(files)}</files>",
        "questions.xml": QUESTIONS,
        "course/course.xml": f"{HEAD}<course id='5' contextid='50'><shortname>consigne</shortname>"
        "<fullname>Comprendre la consigne</fullname><summary>&lt;p&gt;Six semaines.&lt;/p&gt;</summary></course>",
        "sections/section_1/section.xml": f"{HEAD}<section id='1'><number>0</number><name>$@NULL@$</name>"
        f"<summary>{escape(SECTION_SUMMARY)}</summary><sequence>11</sequence><visible>1</visible></section>",
        "sections/section_2/section.xml": f"{HEAD}<section id='2'><number>1</number><name>En classe</name>"
        "<summary></summary><sequence>13,12,14,15,16,17,18</sequence><visible>1</visible></section>",
        f"{folder}/label_11/label.xml": activity(
            "label", 11, "<name>Un mot</name><intro>&lt;p&gt;Bonjour à &lt;b&gt;toutes&lt;/b&gt;.&lt;/p&gt;</intro>"
        ),
        f"{folder}/page_12/page.xml": activity("page", 12, PAGE),
        f"{folder}/url_13/url.xml": activity(
            "url",
            13,
            "<name>Éduscol</name><intro></intro><externalurl>https://eduscol.example/a?b=1&amp;c</externalurl>",
        ),
        f"{folder}/quiz_14/quiz.xml": activity("quiz", 14, QUIZ),
        f"{folder}/quiz_14/grades.xml": f"{HEAD}<activity_gradebook><grade_grade><userid>42</userid></grade_grade>"
        "</activity_gradebook>",
        f"{folder}/resource_15/resource.xml": activity("resource", 15, "<name>La fiche</name><intro></intro>"),
        f"{folder}/folder_16/folder.xml": activity("folder", 16, "<name>Annexes</name><intro></intro>"),
        f"{folder}/forum_17/forum.xml": activity("forum", 17, "<name>Vos questions</name>"),
        f"{folder}/tuile_18/tuile.xml": activity("tuile", 18, "<name>Une nouveauté</name>"),
        **{f"files/{key[:2]}/{key}": content for key, content in contents.items()},
    }


def as_zip(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    out.seek(0)
    return out


def as_tar(files):
    """As Moodle packs them: an index first, then folders and files."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", format=tarfile.USTAR_FORMAT) as archive:
        index = "Moodle archive file index. Count: 1\n"
        for name, content in {".ARCHIVE_INDEX": index, **files}.items():
            data = content.encode() if isinstance(content, str) else content
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        folder = tarfile.TarInfo("activities/")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
    out.seek(0)
    return out
